// Lines with an end, and callers with an end to their patience.

#include <utility>

#include "weir/sim/theory_markov.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

// Who finds all ten servers busy is lost; only the mean service matters.
ValidationTable loss_cases() {
  const Erlang ten(10, 0.8);
  const double busy = 0.8 * (1 - ten.blocked());
  return {
      {.family = "Erlang B",
       .name = "exponential",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "exp(1s)" }]
balancer = { policy = "central_queue", queue = { limit = 0 } }
workers = [{ name = "w", count = 10 }]
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.loss", ten.blocked(), 0.015}, {"worker.w.utilisation", busy}}},
      {.family = "Erlang B",
       .name = "constant",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "const(1s)" }]
balancer = { policy = "central_queue", queue = { limit = 0 } }
workers = [{ name = "w", count = 10 }]
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.loss", ten.blocked(), 0.015}}},
      {.family = "Erlang B",
       .name = "hyperexponential",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "hyperexp(mean=1s, scv=4)" }]
balancer = { policy = "central_queue", queue = { limit = 0 } }
workers = [{ name = "w", count = 10 }]
)toml",
       .window_s = 1000,
       .warmup_s = 50,
       .figures = {{"web.loss", ten.blocked(), 0.015}, {"worker.w.utilisation", busy}}},
  };
}

// A slot is held while an upload comes in: of the upload's time only the mean matters.
ValidationTable slot_cases() {
  return {
      {.family = "Erlang B",
       .name = "slots held by uploads",
       .scenario = R"toml(
balancer = { slots = 10 }
workers = [{ name = "w", concurrency = 100 }]
[[load]]
name = "web"
arrival = "poisson(8/s)"
service = "const(0s)"
size = "exp(1MB)"
upload = { bandwidth = "const(1MB/s)", chunk = "250kB" }
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.loss", Erlang(10, 0.8).blocked(), 0.015}}},
  };
}

// The limit counts those that wait, so there is room for one more at each server.
ValidationTable room_cases() {
  const BirthDeath one = bounded_line(1, 5, 0.9);
  const BirthDeath four = bounded_line(4, 10, 3.6);
  const double one_lost = one.probability(5), four_lost = four.probability(10);
  return {
      {.family = "M/M/c/K",
       .name = "1 server, room for 5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.9/s)", service = "exp(1s)" }]
balancer = { queue = { limit = 4 } }
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.loss", one_lost},
                   {"web.response.mean", one.mean() / (0.9 * (1 - one_lost))},
                   {"web.goodput_per_s", 0.9 * (1 - one_lost)},
                   {"worker.w.mean_in_flight", one.mean()}}},
      {.family = "M/M/c/K",
       .name = "4 servers, room for 10",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(3.6/s)", service = "exp(1s)" }]
balancer = { policy = "central_queue", queue = { limit = 6 } }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 3'000,
       .figures = {{"web.loss", four_lost, 0.015},
                   {"web.response.mean", four.mean() / (3.6 * (1 - four_lost))},
                   {"in_flight", four.mean()}}},
  };
}

// A caller that has waited 1.5 s leaves the line. One whose service has begun leaves as well, but
// its service goes on, so what the workers serve is what M/M/c + D serves.
ValidationTable patience_cases() {
  const double one = impatient_share(1, 1, 1.5), four = impatient_share(4, 4.4, 1.5);
  return {
      {.family = "M/M/c + D",
       .name = "1 server, load 1",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1/s)", service = "exp(1s)", timeout = "1.5s" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.unserved", one}, {"worker.w.utilisation", 1 - one}}},
      {.family = "M/M/c + D",
       .name = "4 servers, load 1.1",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(4.4/s)", service = "exp(1s)", timeout = "1.5s" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 3'000,
       .warmup_s = 100,
       .figures = {{"web.unserved", four, 0.015}, {"web.throughput_per_s", 4.4 * (1 - four)}}},
  };
}

}  // namespace

ValidationTable bounded_cases() {
  ValidationTable all = loss_cases();
  for (const auto table : {slot_cases, room_cases, patience_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
