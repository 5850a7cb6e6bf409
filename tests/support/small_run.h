// Records made by hand, small enough to check with a pencil.

#pragma once

#include <cstdint>
#include <vector>

#include "weir/sim/result.h"
#include "weir/sim/scenario.h"

namespace weir::test {

// An open load "web" of poisson(100/s) and exp(10ms), two workers "fast", horizon of ten seconds.
inline sim::Scenario small_scenario() {
  sim::Scenario scenario{.name = "small", .seed = 7};
  scenario.horizon = {.time = Duration{10'000'000'000}, .replications = 2};
  sim::Load load{.name = "web"};
  load.arrival = *sim::ArrivalProcess::parse("poisson(100/s)");
  load.service = *sim::Distribution::parse("exp(10ms)", sim::Quantity::duration);
  scenario.loads.push_back(load);
  scenario.balancer.policy = "p2c";
  scenario.workers.push_back({.name = "fast", .count = 2});
  return scenario;
}

// `count` values from `first` on in steps of `step`, all in milliseconds.
inline Histogram milliseconds(std::int64_t count, std::int64_t first, std::int64_t step = 0) {
  Histogram histogram;
  for (std::int64_t i = 0; i < count; ++i) histogram.record((first + i * step) * 1'000'000);
  return histogram;
}

// Ten seconds in which `completed` of 100 requests were answered after `response_ms`, half of it
// waiting; the others timed out. Both workers are busy for `utilisation` of the time.
struct SmallReplication {
  std::uint64_t completed = 100;
  std::int64_t response_ms = 20;
  double utilisation = 0.5;

  sim::ReplicationRecord record(std::uint32_t number = 0) const {
    sim::ReplicationRecord record{.number = number, .window_s = 10, .virtual_s = 12};
    record.hash = 0x1234 + number;
    sim::ReplicationRecord::Load load;
    load.counts = {.offered = 100,
                   .completed = completed,
                   .timed_out = 100 - completed,
                   .attempts = 100,
                   .replies = 100,
                   .good = completed};
    const auto n = static_cast<std::int64_t>(completed);
    load.latencies = {.response = milliseconds(n, response_ms),
                      .wait = milliseconds(n, response_ms / 2),
                      .service = milliseconds(n, response_ms / 2)};
    record.loads.push_back(load);
    for (const std::uint64_t share : {60u, 40u}) {
      record.workers.push_back({.completed = share,
                                .utilisation = utilisation,
                                .mean_in_flight = 2 * utilisation,
                                .sd_in_flight = 0.25,
                                .mean_queue = utilisation,
                                .max_queue = share / 10});
    }
    record.line = {.mean_queue = 0.5, .max_queue = 3};
    return record;
  }
};

inline sim::RunRecord small_run(const sim::Scenario& scenario,
                                const std::vector<SmallReplication>& replications) {
  sim::RunRecord record = sim::RunRecord::of(scenario);
  std::uint32_t number = 0;
  for (const SmallReplication& replication : replications) {
    record.add(replication.record(number++));
  }
  return record;
}

}  // namespace weir::test
