// A stranger's first program, and what a compiler other than weir's own may get wrong in it: a
// chain of awaits that must not grow the stack, an exception on its way out, a frame made here and
// resumed in the library.

#include <cstdio>
#include <stdexcept>

#include "weir/runtime/go.h"
#include "weir/runtime/run.h"
#include "weir/runtime/task.h"
#include "weir/runtime/this_task.h"

namespace {

weir::Task<int> one() {
  co_return 1;
}

weir::Task<int> count(int wanted) {
  int total = 0;
  while (total < wanted) total += co_await one();
  co_return total;
}

weir::Task<int> in_a_task(int wanted) {
  int total = 0;
  auto counting = [](int limit, int& result) -> weir::Task<> { result = co_await count(limit); };
  weir::TaskHandle handle = weir::go(counting, wanted, std::ref(total));
  co_await handle.join();
  co_return total;
}

weir::Task<> fail() {
  throw std::runtime_error("as it should");
  co_return;
}

}  // namespace

int main() {
  const int real = weir::run(in_a_task(1'000'000));
  const int virtually = weir::run_virtual(in_a_task(1'000'000));
  try {
    weir::run(fail());
  } catch (const std::runtime_error& error) {
    std::printf("%d %d %s\n", real, virtually, error.what());
  }
}
