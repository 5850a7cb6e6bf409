// The parker: no wake-up is lost.

#include "weir/runtime/parker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace weir {
namespace {

TEST(Parker, ReturnsAtOnceWhenItWasUnparkedBefore) {
  Parker parker;
  parker.unpark();
  parker.park(Duration::max());
}

TEST(Parker, CountsSeveralUnparksAsOne) {
  Parker parker;
  parker.unpark();
  parker.unpark();
  parker.park(Duration::max());
  parker.park(
      1ns);  // Would not end without its limit; returns since the token is gone or timed out.
}

TEST(Parker, DoesNotSleepForNoTime) {
  Parker parker;
  parker.park(Duration::zero());
  parker.park(-1s);
}

// Each side wakes the other and then sleeps for ever: one lost wake-up and the test never ends.
TEST(Parker, HandsATurnToAndFro) {
  constexpr int rounds = 20'000;
  Parker ping;
  Parker pong;
  std::atomic<int> turn = 0;
  std::thread other([&] {
    for (int i = 0; i < rounds; ++i) {
      while (turn.load() != 2 * i + 1) pong.park(Duration::max());
      turn.store(2 * i + 2);
      ping.unpark();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    turn.store(2 * i + 1);
    pong.unpark();
    while (turn.load() != 2 * i + 2) ping.park(Duration::max());
  }
  other.join();
  EXPECT_EQ(turn.load(), 2 * rounds);
}

}  // namespace
}  // namespace weir
