// A policy from outside the library, as a user would write it: with a rule, with state, by name.

#include <gtest/gtest.h>

#include "weir/balance.h"

namespace {

using namespace weir;

// Fills a worker to its concurrency before the next one gets anything.
class Packing final : public balance::Policy {
 public:
  explicit Packing(std::uint32_t spare) : spare_(spare) {}

  balance::Decision pick(const balance::Request&, const balance::View& view, Random&) override {
    for (balance::WorkerIndex worker = 0; worker < view.slots(); ++worker) {
      if (!view.is_eligible(worker)) continue;
      if (view[worker].in_flight + spare_ < view[worker].concurrency) {
        return balance::Decision::send(worker);
      }
    }
    return balance::Decision::hold();
  }

 private:
  std::uint32_t spare_;
};

TEST(CustomPolicy, IsTwentyLinesAndAnswersToItsName) {
  auto catalog = balance::Catalog::standard();
  catalog.add("packing", "one worker after the other", [](balance::Parameters& given) {
    return balance::custom<Packing>("packing", given.whole("spare", 0));
  });
  balance::Picker picker(catalog.make("packing(spare=1)").value(), Random({}, "policy"));
  const auto first = picker.add({.name = "first", .concurrency = 3}, TimePoint{});
  const auto second = picker.add({.name = "second", .concurrency = 2}, TimePoint{});

  for (const auto& expected : {first, first, second}) {
    const auto decision = picker.pick({}, TimePoint{});
    ASSERT_EQ(decision.kind(), balance::Decision::Kind::send);
    EXPECT_EQ(decision.worker(), expected.index);
    picker.note(balance::Event::sent(expected), TimePoint{});
  }
  EXPECT_EQ(picker.pick({}, TimePoint{}).kind(), balance::Decision::Kind::hold);
}

TEST(CustomPolicy, GetsHealthRoomAndTriedWorkersFromTheFilter) {
  balance::Picker picker(balance::custom<Packing>("packing", 0u), Random({}, "policy"));
  const auto ejected = picker.add({}, TimePoint{});
  const auto tried = picker.add({}, TimePoint{});
  const auto left = picker.add({}, TimePoint{});
  picker.set_health(ejected, balance::Health::ejected, TimePoint{});

  const auto decision = picker.pick({.tried = std::span(&tried, 1)}, TimePoint{});

  EXPECT_EQ(decision.worker(), left.index);
}

TEST(CustomPolicy, CanBeAScoreAlone) {
  const auto fastest = balance::least_score(
      "fastest", [](const balance::WorkerView& worker) { return -worker.speed; });
  balance::Picker picker(fastest, Random({}, "policy"));
  for (const double speed : {1.0, 3.0, 2.0}) picker.add({.speed = speed}, TimePoint{});

  EXPECT_EQ(picker.pick({}, TimePoint{}).worker(), 1u);
}

}  // namespace
