// Queues whose world changes: bursts, and the first moments after an empty start.

#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_modulated.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable burst_cases() {
  const ModulatedQueue bursts({.arrivals = 1.2, .leave = 0.2}, {.arrivals = 0.2, .leave = 0.1});
  const ModulatedQueue on_off({.arrivals = 1, .leave = 0.25}, {.arrivals = 0, .leave = 0.25});
  return {
      {.family = "MMPP2/M/1",
       .name = "bursts of 1.2/s",
       .scenario = R"toml(
load = [{ name = "web", arrival = "mmpp([1.2/s, 0.2/s], [0.2/s, 0.1/s])", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 30'000,
       .figures = {{"web.response.mean", bursts.response(), 0.015},
                   {"worker.w.mean_in_flight", bursts.mean(), 0.015}}},
      {.family = "MMPP2/M/1",
       .name = "on and off",
       .scenario = R"toml(
load = [{ name = "web", arrival = "onoff(on=exp(4s)@1/s, off=exp(4s)@0/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", on_off.response(), 0.015},
                   {"worker.w.mean_in_flight", on_off.mean(), 0.015}}},
  };
}

// The number in the system when the run ends, that many seconds after it was empty; a hundred
// servers at once, which are independent of each other, for arrivals are split at random.
ValidationCase after_empty(double seconds) {
  return {.family = "M/M/1 from empty",
          .name = "100 servers after " + std::to_string(static_cast<int>(seconds)) + " s",
          .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(80/s)", service = "exp(1s)" }]
balancer = { policy = "random" }
workers = [{ name = "w", count = 100 }]
)toml",
          .window_s = seconds,
          .warmup_s = 0,
          .replications = 600,
          .figures = {{"web.in_flight", 100 * mean_after_empty(0.8, seconds)}}};
}

}  // namespace

ValidationTable changing_cases() {
  ValidationTable all = burst_cases();
  for (const double seconds : {1.0, 4.0, 16.0}) all.push_back(after_empty(seconds));
  return all;
}

}  // namespace weir::sim
