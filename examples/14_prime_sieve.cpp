// Lesson 14: the prime sieve, a chain of tasks that grows while it runs.
//
// Each prime gets a task that lets through what it does not divide. The chain has no end of its
// own: when enough primes have come, a context tells all of them to stop. (The sieve is in
// Hoare's CSP of 1978.)

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

Task<> count_up(Context context, Sender<int> out) {
  for (int number = 2;; ++number) {
    const auto sent = co_await out.send(context, number);
    if (!sent) co_return;  // cancelled: the number came back
  }
}

Task<> sieve_out(Context context, int prime, Receiver<int> in, Sender<int> out) {
  while (auto number = co_await in.receive(context)) {
    if (*number % prime == 0) continue;
    const auto sent = co_await out.send(context, *number);
    if (!sent) co_return;
  }
}

Task<> print_primes(int count) {
  TaskGroup chain;
  auto numbers = make_channel<int>();
  chain.go(count_up, chain.context(), Sender<int>(numbers));
  for (int i = 0; i < count; ++i) {
    auto prime = co_await numbers.receive();
    std::printf("%d%c", *prime, i + 1 < count ? ' ' : '\n');
    auto left = make_channel<int>();
    chain.go(sieve_out, chain.context(), *prime, Receiver<int>(numbers), Sender<int>(left));
    numbers = left;
  }
  chain.cancel();
  co_await chain.wait();
}

int main() {
  run(print_primes(25));
}

// Output:
// 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59 61 67 71 73 79 83 89 97
