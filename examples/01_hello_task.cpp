// Four workers square what comes down one channel; the sum is taken at the end of another.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

Task<> square(Receiver<int> jobs, Sender<int> results) {
  while (auto job = co_await jobs.receive()) co_await results.send(*job * *job);
}

Task<int> sum_of_squares(int count) {
  auto jobs = make_channel<int>(16);
  auto results = make_channel<int>(16);
  WaitGroup workers;
  for (int i = 0; i < 4; ++i) workers.go(square(jobs, results));
  go([=]() -> Task<> {  // the task keeps the lambda and what it holds
    for (int number = 1; number <= count; ++number) co_await jobs.send(number);
    jobs.close();
  });
  go([=, &workers]() -> Task<> {
    co_await workers.wait();
    results.close();
  });
  int sum = 0;
  while (auto result = co_await results.receive()) sum += *result;
  co_return sum;
}

int main() {
  std::printf("%d\n", run(sum_of_squares(1000)));  // on all processors
}

// Output:
// 333833500
