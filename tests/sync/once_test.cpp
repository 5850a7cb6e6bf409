#include "weir/sync/once.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/go.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

Task<> count_slowly(int& calls) {
  co_await yield();
  co_await sleep(1us);
  ++calls;
}

CONCURRENCY_TEST(Once, AllWaitForTheOneCall) {
  Once once;
  int calls = 0;
  WaitGroup all;
  for (int i = 0; i < 10; ++i) {
    all.go(
        [](Once& first, int& count) -> Task<> {
          co_await first.call(count_slowly(count));
          EXPECT_TRUE(first.done());
          EXPECT_EQ(count, 1);
        },
        std::ref(once), std::ref(calls));
  }
  co_await all.wait();
  EXPECT_EQ(calls, 1);
}

CONCURRENCY_TEST(Once, CallsAFunctionOrWhatGivesATask) {
  int calls = 0;
  Once plain;
  const auto count = [&calls] { ++calls; };
  co_await plain.call(count);
  co_await plain.call(count);
  EXPECT_EQ(calls, 1);

  Once waiting;
  const auto count_later = [&calls]() -> Task<> { return count_slowly(calls); };
  co_await waiting.call(count_later);
  co_await waiting.call(count_later);
  EXPECT_EQ(calls, 2);
}

CONCURRENCY_TEST(Once, ALambdaKeepsWhatItOwns) {
  Once once;
  auto owned = std::make_shared<int>(3);
  int seen = 0;
  const auto look = [owned, &seen]() -> Task<> {
    co_await yield();
    seen = *owned;
  };
  co_await once.call(look);
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(owned.use_count(), 2);
}

TEST(Once, IsNotDoneBeforeItsCallHasEnded) {
  run_virtual([]() -> Task<> {
    Once once;
    EXPECT_FALSE(once.done());
    int calls = 0;
    auto first = go([](Once& one, int& count) -> Task<> { co_await one.call(count_slowly(count)); },
                    std::ref(once), std::ref(calls));
    co_await yield();
    EXPECT_FALSE(once.done());
    co_await first.join();
    EXPECT_TRUE(once.done());
  }());
}

CONCURRENCY_TEST(Once, AnExceptionIsTheResultOfEveryCall) {
  Once once;
  int calls = 0;
  WaitGroup all;
  for (int i = 0; i < 5; ++i) {
    all.go(
        [](Once& first, int& count) -> Task<> {
          const auto fail = [&count]() -> Task<> {
            co_await count_slowly(count);
            throw std::runtime_error("broken");
          };
          std::string text;
          try {
            co_await first.call(fail);
          } catch (const std::runtime_error& failure) {
            text = failure.what();
          }
          EXPECT_EQ(text, "broken");
        },
        std::ref(once), std::ref(calls));
  }
  co_await all.wait();
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(once.done());
}

TEST(Once, ACallWithinTheCallIsADeadlock) {
  test::deadlock_of([]() -> Task<> {
    Once once;
    const auto nothing = [] {};
    const auto again = [&]() -> Task<> { co_await once.call(nothing); };
    co_await once.call(again);
  });
}

}  // namespace
}  // namespace weir
