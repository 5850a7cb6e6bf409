// A stranger's first program, and what a compiler other than weir's own may get wrong in it: a
// chain of awaits that must not grow the stack, an exception on its way out, a frame made here and
// resumed in the library.

#include <cstdio>
#include <stdexcept>

#include "weir/balance.h"
#include "weir/weir.h"

namespace {

weir::Task<int> one() {
  co_return 1;
}

weir::Task<int> count(int wanted) {
  int total = 0;
  while (total < wanted) total += co_await one();
  co_return total;
}

weir::Task<int> through_a_channel(int wanted) {
  auto totals = weir::make_channel<int>();
  weir::go(
      [](int limit, weir::Sender<int> out) -> weir::Task<> {
        const int total = co_await count(limit);
        co_await out.send(total);
      },
      wanted, totals);
  const std::optional<int> total = co_await totals.receive();
  co_return total.value_or(0);
}

weir::Task<> fail() {
  throw std::runtime_error("as it should");
  co_return;
}

}  // namespace

int main() {
  const int real = weir::run(through_a_channel(1'000'000));
  const int virtually = weir::run_virtual(through_a_channel(1'000'000));
  const weir::balance::PolicySpec policy = weir::balance::p2c();
  try {
    weir::run(fail());
  } catch (const std::runtime_error& error) {
    std::printf("%d %d %s %s\n", real, virtually, policy.text().c_str(), error.what());
  }
}
