#include "tests/support/concurrency_test.h"

#include <cstdlib>
#include <exception>

#include "tests/support/lifetimes.h"
#include "weir/runtime/explore.h"

namespace weir::test {
namespace {

constexpr int repetitions = 4;  // on real threads, where no two runs are the same

std::string asked_for() {
  const char* value = std::getenv("WEIR_TEST_SEED");
  return value == nullptr ? std::string() : std::string(value);
}

// True if something has failed since `living` values were counted.
bool has_failed(int living) {
  EXPECT_EQ(Counted::living(), living) << "values were lost or destroyed twice";
  return testing::Test::HasFailure();
}

// Runs under the conditions that are called `name`, if they are wanted and nothing has failed yet.
void attempt(const std::string& name, const std::function<void()>& run) {
  if (testing::Test::HasFailure()) return;
  if (const std::string wanted = asked_for(); !wanted.empty() && wanted != name) return;
  const int living = Counted::living();
  try {
    run();
  } catch (const std::exception& failure) {
    ADD_FAILURE() << failure.what();
  }
  if (has_failed(living)) ADD_FAILURE() << "replay with WEIR_TEST_SEED=" << name;
}

void attempt_schedules(Explore strategy, std::uint32_t runs, const Body& body) {
  if (testing::Test::HasFailure()) return;
  const int living = Counted::living();
  try {
    explore({.strategy = strategy, .runs = runs, .failed = [&] { return has_failed(living); }},
            body);
  } catch (const std::exception& failure) {
    ADD_FAILURE() << failure.what();
  }
}

}  // namespace

void run_under(const Conditions& conditions, const Body& body) {
  const bool replays = std::getenv("WEIR_EXPLORE_TOKEN") != nullptr;
  if (replays || asked_for().empty()) {
    attempt_schedules(Explore::random, conditions.schedules, body);
    if (replays) return;
    attempt_schedules(Explore::pct, conditions.schedules / 2, body);
  }
  attempt("arrival", [&] { run_virtual(body(), {.on_leak = OnLeak::fail}); });
  if (!conditions.processors) return;
  for (int count : {1, 2, 8}) {
    for (int i = 0; i < repetitions; ++i) {
      attempt(std::to_string(count) + "p",
              [&] { run(body(), {.processors = count, .on_leak = OnLeak::fail}); });
    }
  }
}

std::string deadlock_of(const Body& body) {
  try {
    run_virtual(body(), {.on_leak = OnLeak::fail});
  } catch (const Deadlock& deadlock) {
    return deadlock.what();
  }
  ADD_FAILURE() << "the run ended, where a deadlock was expected";
  return {};
}

std::uint64_t seed_asked_for(std::uint64_t otherwise) {
  const std::string wanted = asked_for();
  return wanted.empty() ? otherwise : std::strtoull(wanted.c_str(), nullptr, 10);
}

}  // namespace weir::test
