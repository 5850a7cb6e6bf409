// CONCURRENCY_TEST: one coroutine body, run under many seeds in virtual time and on real threads.
//
//   CONCURRENCY_TEST(Channel, MeetsAtCapacityZero) {
//     auto channel = make_channel<int>();
//     …
//     EXPECT_EQ(*co_await channel.receive(), 7);
//   }
//
// The body is a Task<>, so it may use EXPECT_ and ADD_FAILURE but not ASSERT_. A task that is left,
// a deadlock, an exception or a Counted that outlives its run fails the test. The message names the
// conditions; WEIR_TEST_SEED=17 (or =arrival, or =2p for two processors) runs under these alone.
//
// VIRTUAL_TEST is for what depends on exact times: in virtual time only.

#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "weir/runtime/run.h"

namespace weir::test {

using Body = std::function<Task<>()>;

struct Conditions {
  int seeds = 64;          // runs in virtual time with the order drawn
  bool processors = true;  // also on 1, 2 and 8 processors
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
