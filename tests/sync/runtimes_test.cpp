// Several runtimes in one process: beside each other, and together through one channel.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "weir/runtime/external_hold.h"
#include "weir/runtime/run.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

constexpr int values_each = 500;

// A run that sends into a channel of nobody, and a run that receives from it.
TEST(Runtimes, HandValuesToEachOtherThroughOneChannel) {
  for (const std::size_t capacity : {std::size_t{0}, std::size_t{4}}) {
    auto numbers = make_channel<int>(capacity);
    auto sender = [](Sender<int> out) -> Task<> {
      const ExternalHold hold;  // The other run may wake this one.
      for (int i = 1; i <= values_each; ++i) co_await out.send(i);
      out.close();
    };
    auto receiver = [](Receiver<int> in) -> Task<long> {
      const ExternalHold hold;
      long sum = 0;
      while (auto number = co_await in.receive()) sum += *number;
      co_return sum;
    };
    std::thread other([&] { run(sender(numbers), {.processors = 2}); });
    EXPECT_EQ(run(receiver(numbers), {.processors = 2}), values_each * (values_each + 1) / 2);
    other.join();
  }
}

TEST(Runtimes, ShareAProcessWithoutKnowingOfEachOther) {
  auto root = [](int number) -> Task<int> {
    auto numbers = make_channel<int>(1);
    WaitGroup all;
    for (int i = 0; i < 50; ++i) {
      all.go([](Sender<int> out, int value) -> Task<> { co_await out.send(value); }, numbers,
             number);
    }
    int sum = 0;
    for (int i = 0; i < 50; ++i) sum += *co_await numbers.receive();
    co_await all.wait();
    co_return sum;
  };
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 1; i <= 6; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 10; ++round) {
        if (i % 3 == 0) {
          right += run_virtual(root(i)) == 50 * i ? 1 : 0;
        } else {
          right += run(root(i), {.processors = i % 3}) == 50 * i ? 1 : 0;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 60);
}

}  // namespace
}  // namespace weir
