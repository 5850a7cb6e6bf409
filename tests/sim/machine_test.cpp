#include "weir/sim/machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "weir/base/random.h"

namespace weir::sim {
namespace {

constexpr TimePoint start{};

// The next job and when it is done, at that time.
std::pair<std::uint32_t, Duration> next_of(Machine& machine) {
  const TimePoint at = machine.next();
  const auto job = machine.take_done(at);
  return {job.value_or(999), at - start};
}

using Done = std::pair<std::uint32_t, Duration>;

TEST(Machine, ServesEachJobAtItsSpeed) {
  Machine machine(2);
  machine.begin(7, 0.010, start);
  machine.begin(8, 0.006, start + 1ms);
  EXPECT_EQ(machine.take_done(start + 3ms), std::nullopt);
  EXPECT_EQ(next_of(machine), Done(8, 4ms));
  EXPECT_EQ(next_of(machine), Done(7, 5ms));
  EXPECT_EQ(machine.next(), time_never);
}

TEST(Machine, SlowsDownWhatHasBegun) {
  Machine machine(1);
  machine.begin(1, 0.010, start);
  machine.set_pace(0.25, start + 6ms);
  EXPECT_EQ(machine.next(), start + 22ms);
  machine.set_pace(1, start + 14ms);  // two of four milliseconds are done
  EXPECT_EQ(next_of(machine), Done(1, 16ms));
}

TEST(Machine, StandsStillAndGoesOn) {
  Machine machine(1);
  machine.begin(1, 0.010, start);
  machine.set_pace(0, start + 4ms);
  EXPECT_EQ(machine.next(), time_never);
  machine.begin(2, 0.001, start + 5ms);
  EXPECT_EQ(machine.next(), time_never);
  machine.set_pace(1, start + 100ms);
  EXPECT_EQ(next_of(machine), Done(2, 101ms));
  EXPECT_EQ(next_of(machine), Done(1, 106ms));
}

TEST(Machine, SharesItsCores) {
  Machine machine(1, 2);
  for (std::uint32_t job = 0; job < 4; ++job) machine.begin(job, 0.010, start);
  EXPECT_EQ(machine.next(), start + 20ms);
  machine.begin(4, 0.001, start + 10ms);  // 5 ms are left of each; five share two cores
  EXPECT_EQ(next_of(machine), Done(4, 12'500us));
  EXPECT_EQ(next_of(machine), Done(0, 20'500us));  // 4 ms were left, four share two cores
  EXPECT_EQ(next_of(machine), Done(1, 20'500us));
}

TEST(Machine, GivesOneJobNoMoreThanOneCore) {
  Machine machine(1, 8);
  machine.begin(0, 0.010, start);
  EXPECT_EQ(next_of(machine), Done(0, 10ms));
}

// From half of its speed to all of it within 20 ms: 15 ms of work. So 5 ms of work take t with
// t / 2 + t² / 80 = 5, and 20 ms take 25.
TEST(Machine, RecoversEvenly) {
  Machine machine(1);
  machine.chill(2, 20ms, start);
  machine.begin(0, 0.005, start);
  machine.begin(1, 0.020, start);
  const double first_ms = -20 + std::sqrt(400 + 400.0);
  EXPECT_NEAR(to_seconds(next_of(machine).second), first_ms * 1e-3, 1e-9);
  EXPECT_EQ(next_of(machine), Done(1, 25ms));
}

TEST(Machine, RecoversFromWhereItIsWhenItIsAskedInBetween) {
  Machine whole(1);
  Machine pieces(1);
  for (Machine* machine : {&whole, &pieces}) {
    machine->chill(4, 100ms, start);
    machine->begin(0, 0.080, start);
  }
  for (Duration at = 1ms; at < 90ms; at += 7ms) pieces.set_pace(1, start + at);
  const Duration difference = whole.next() - pieces.next();
  EXPECT_LE(std::abs(difference.count()), 1);
}

TEST(Machine, EndsEqualJobsInTheOrderOfTheirBeginning) {
  Machine machine(1);
  for (const std::uint32_t job : {5u, 3u, 9u}) machine.begin(job, 0.001, start);
  EXPECT_EQ(next_of(machine).first, 5u);
  EXPECT_EQ(next_of(machine).first, 3u);
  EXPECT_EQ(next_of(machine).first, 9u);
}

TEST(Machine, GivesEverythingBackInTheOrderOfBeginning) {
  Machine machine(1);
  machine.begin(1, 0.003, start);
  machine.begin(2, 0.001, start);
  machine.begin(3, 0.002, start);
  EXPECT_EQ(machine.take_all(start + 500us), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(machine.next(), time_never);
}

// The plain way: every job has its own remaining work, which all steps lessen.
class Ledger {
 public:
  explicit Ledger(std::uint32_t cores) : cores_(cores) {}

  void begin(std::uint32_t job, double work_s, TimePoint now) {
    advance(now);
    left_.emplace_back(job, work_s);
  }

  void set_pace(double pace, TimePoint now) {
    advance(now);
    pace_ = pace;
  }

  // The job that is done next, and when, in seconds.
  std::pair<std::uint32_t, double> next() const {
    const auto least = std::ranges::min_element(left_, {}, &Left::second);
    return {least->first, to_seconds(base_ - start) + least->second / rate()};
  }

  void remove(std::uint32_t job, TimePoint now) {
    advance(now);
    std::erase_if(left_, [&](const Left& left) { return left.first == job; });
  }

  bool empty() const { return left_.empty(); }

 private:
  using Left = std::pair<std::uint32_t, double>;

  double rate() const {
    const double share = static_cast<double>(cores_) / static_cast<double>(left_.size());
    return pace_ * std::min(1.0, share);
  }

  void advance(TimePoint now) {
    for (Left& left : left_) left.second -= rate() * to_seconds(now - base_);
    base_ = now;
  }

  std::uint32_t cores_;
  double pace_ = 1;
  TimePoint base_{};
  std::vector<Left> left_;
};

TEST(Machine, AgreesWithALedgerOfRemainingWork) {
  constexpr std::uint64_t seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(RandomKey{seed, 0}, "machine");
  Machine machine(1, 3);
  Ledger ledger(3);
  TimePoint now = start;
  std::uint32_t jobs = 0;
  for (int step = 0; step < 5000; ++step) {
    now += Duration(static_cast<std::int64_t>(random.below(4'000'000)));
    while (machine.next() <= now) {
      const TimePoint at = machine.next();
      const auto [job, seconds] = ledger.next();
      ASSERT_EQ(machine.take_done(at), job) << "step " << step;
      ASSERT_NEAR(to_seconds(at - start), seconds, 2e-9) << "step " << step;
      ledger.remove(job, at);
    }
    if (random.below(4) == 0) {
      const double pace = 0.25 + random.uniform();
      machine.set_pace(pace, now);
      ledger.set_pace(pace, now);
    } else {
      const double work = 0.001 + random.uniform() * 0.004;
      machine.begin(jobs, work, now);
      ledger.begin(jobs++, work, now);
    }
  }
  EXPECT_GT(jobs, 3000u);
}

}  // namespace
}  // namespace weir::sim
