// Mistakes that a test in one order passes: each strategy of explore() finds them, and its token
// has them again.

#include "tests/model/broken_channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "tests/model/searching.h"

namespace weir::model {
namespace {

using Body = std::function<Task<>(bool broken)>;

Task<> queue_body(bool broken) {
  BellQueue queue(broken);
  int received = 0;
  WaitGroup all;
  all.go(queue.send(7));
  all.go(
      [](BellQueue& from, int& out) -> Task<> {
        auto receiving = from.receive();
        out = co_await receiving;
      },
      std::ref(queue), std::ref(received));
  co_await all.wait();
  require(received == 7, "another value came out");
}

Task<> cancel_body(bool broken) {
  auto channel = make_channel<int>();
  auto [context, cancel] = with_cancel(background());
  int received = 0;
  bool came_back = false;
  WaitGroup all;
  all.go(
      [](Channel<int> to, Context until, bool& unsent) -> Task<> {
        const auto sent = co_await to.send(until, 7);
        unsent = !sent.has_value();
      },
      channel, context, std::ref(came_back));
  all.go(
      [](Channel<int> from, Context until, bool wrong, int& out) -> Task<> {
        auto receiving = receive_until(from, until, wrong);
        const std::optional<int> value = co_await receiving;
        if (value) out = *value;
      },
      channel, context, broken, std::ref(received));
  co_await yield();
  cancel();
  co_await all.wait();
  require((received == 7) != came_back, "the value was eaten");
}

Task<> locks_body(bool broken) {
  TwoLocks locks(broken);
  WaitGroup all;
  all.go(locks.forwards());
  all.go(locks.backwards());
  co_await all.wait();
}

struct Found {
  std::string text;
  std::string token;
};

Found search(const Body& body, const ExploreOptions& options) {
  try {
    explore(options, [&] { return body(true); });
  } catch (const ExploreFailure& failure) {
    return {failure.what(), failure.token()};
  }
  return {};
}

std::string from_second_line(const std::string& text) {
  return text.substr(std::min(text.find('\n'), text.size()));
}

void expect_found(const Body& body, const std::string& sign) {
  for (const Explore strategy : strategies) {
    SCOPED_TRACE(name_of(strategy));
    const Found found = search(body, {.strategy = strategy});
    EXPECT_NE(found.text.find(sign), std::string::npos) << found.text;
    EXPECT_NE(found.text.find("WEIR_EXPLORE_TOKEN=" + found.token), std::string::npos);

    const Found again = search(body, {.token = found.token});
    EXPECT_EQ(again.token, found.token);
    EXPECT_EQ(from_second_line(again.text), from_second_line(found.text));
  }
}

void expect_sound(const Body& body) {
  EXPECT_NO_THROW(run_virtual(body(true), {.on_leak = OnLeak::fail})) << "too easy to find";
  for (const Explore strategy : strategies) {
    SCOPED_TRACE(name_of(strategy));
    const ExploreResult result = explore({.strategy = strategy, .runs = 3000, .preemptions = 3},
                                         [&] { return body(false); });
    EXPECT_GT(result.schedules, 1u);
    EXPECT_EQ(result.exhausted, strategy == Explore::exhaustive) << result.runs;
  }
}

TEST(BrokenChannel, ALostWakeUpIsFound) {
  expect_found(queue_body, "deadlock");
  expect_sound(queue_body);
}

TEST(BrokenChannel, AValueThatIsEatenByACancelIsFound) {
  expect_found(cancel_body, "the value was eaten");
  expect_sound(cancel_body);
}

TEST(BrokenChannel, LocksThatAreTakenInTwoOrdersAreFound) {
  expect_found(locks_body, "deadlock");
  expect_sound(locks_body);
}

}  // namespace
}  // namespace weir::model
