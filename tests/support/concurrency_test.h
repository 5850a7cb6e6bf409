// CONCURRENCY_TEST: one coroutine body, run under many schedules in virtual time and on threads.
//
//   CONCURRENCY_TEST(Channel, MeetsAtCapacityZero) {
//     auto channel = make_channel<int>();
//     …
//     EXPECT_EQ(*co_await channel.receive(), 7);
//   }
//
// The body is a Task<>, so it may use EXPECT_ and ADD_FAILURE but not ASSERT_. A task that is left,
// a deadlock, an exception or a Counted that outlives its run fails the test. A message from
// explore() has a token: WEIR_EXPLORE_TOKEN=random.s0.r17.h5c1f03e2 runs that schedule alone. The
// other conditions have names: WEIR_TEST_SEED=arrival, or =2p for two processors.
//
// VIRTUAL_TEST is for what depends on exact times: in virtual time only.

#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

#include "weir/runtime/run.h"

namespace weir::test {

using Body = std::function<Task<>()>;

struct Conditions {
  std::uint32_t schedules = 64;  // drawn ones; and half as many by priorities
  bool processors = true;        // also on 1, 2 and 8 processors
};

void run_under(const Conditions& conditions, const Body& body);

// The text of the Deadlock that `body` ends in; fails if it ends otherwise. In virtual time.
std::string deadlock_of(const Body& body);

// The number of the seed that WEIR_TEST_SEED names, or `otherwise`: for tests with their own loop.
std::uint64_t seed_asked_for(std::uint64_t otherwise);

}  // namespace weir::test

#define WEIR_TEST_UNDER(suite, name, conditions)                \
  static ::weir::Task<> suite##_##name##_body();                \
  TEST(suite, name) {                                           \
    ::weir::test::run_under(conditions, suite##_##name##_body); \
  }                                                             \
  static ::weir::Task<> suite##_##name##_body()

#define CONCURRENCY_TEST(suite, name) WEIR_TEST_UNDER(suite, name, ::weir::test::Conditions())
#define VIRTUAL_TEST(suite, name) \
  WEIR_TEST_UNDER(suite, name, (::weir::test::Conditions{.processors = false}))
