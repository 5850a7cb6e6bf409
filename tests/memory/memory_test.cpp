// What tasks cost in memory: a bound for each that is parked, and no growth from those that have
// come and gone. Bytes, unlike times, are the same on every machine; but a sanitizer's shadow
// memory and quarantine would be counted too, so these tests are built without one.

#include <gtest/gtest.h>

#include "bench/resident_bytes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> wait_on(Receiver<int> never) {
  co_await never.receive();
}

// Every task has parked by the time that the next hundred is started.
Task<double> bytes_of_each_parked(int count) {
  auto never = make_channel<int>();
  WaitGroup all;
  const long before = resident_bytes();
  for (int i = 0; i < count; ++i) {
    all.go(wait_on(never));
    if (i % 100 == 99) co_await yield();
  }
  co_await yield();
  const long after = resident_bytes();
  never.close();
  co_await all.wait();
  co_return static_cast<double>(after - before) / count;
}

// g++ 12 lays the same coroutine out in a frame of 32 bytes more than clang 19, the reference.
#if defined(__clang__)
constexpr int bytes_max = 240;
#else
constexpr int bytes_max = 240 + 32;
#endif

TEST(Memory, OfAMillionParkedTasksIsAtMost240BytesEach) {
  constexpr int count = 1'000'000;
  constexpr double started_large_page = 2.0 * 1024 * 1024 / count;
  EXPECT_LE(run(bytes_of_each_parked(count), {.processors = 1}), bytes_max + started_large_page);
}

Task<> send_one(Sender<int> out) {
  co_await out.send(1);
}

// Each round starts a thousand tasks and waits for all of them.
Task<> come_and_go(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    auto values = make_channel<int>(10);
    for (int i = 0; i < 1000; ++i) go(send_one(values));
    for (int i = 0; i < 1000; ++i) co_await values.receive();
  }
}

Task<long> growth_of(int rounds) {
  co_await come_and_go(rounds / 10);
  const long before = resident_bytes();
  co_await come_and_go(rounds);
  co_return resident_bytes() - before;
}

class MemoryOn : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Processors, MemoryOn, ::testing::Values(1, 2, 8),
                         ::testing::PrintToStringParamName());

TEST_P(MemoryOn, TenMillionTasksComeAndGoWithoutGrowth) {
  constexpr long one_percent_of_their_bytes = 10'000'000L * 200 / 100;
  EXPECT_LT(run(growth_of(10'000), {.processors = GetParam()}), one_percent_of_their_bytes);
}

}  // namespace
}  // namespace weir
