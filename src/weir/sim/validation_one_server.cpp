// One server: exponential service, Poisson and other arrivals, and the order of the line.

#include <utility>

#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/theory_renewal.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable markov_cases() {
  const Erlang calm(1, 0.3), half(1, 0.5), busy(1, 0.7);
  return {
      {.family = "M/M/1",
       .name = "load 0.3",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.3/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.response.mean", calm.response()},
                   {"web.response.p99", calm.response_quantile(0.99), 0.015},
                   {"worker.w.utilisation", 0.3}}},
      {.family = "M/M/1",
       .name = "load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", half.response()},
                   {"web.response.p50", half.response_quantile(0.5)},
                   {"web.response.p99", half.response_quantile(0.99), 0.015},
                   {"web.wait.mean", half.wait()},
                   {"web.wait.p90", half.wait_quantile(0.9), 0.015},
                   {"worker.w.mean_in_flight", 1}}},
      {.family = "M/M/1",
       .name = "load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.7/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", busy.response()},
                   {"web.response.p90", busy.response_quantile(0.9), 0.015},
                   {"web.response.p99", busy.response_quantile(0.99), 0.02},
                   {"web.wait.mean", busy.wait()},
                   {"worker.w.mean_queue", 0.7 * busy.wait()},
                   {"worker.w.utilisation", 0.7}}},
  };
}

ValidationTable order_cases() {
  const PoissonQueue queue(0.5, Moments::exponential(1));
  return {
      {.family = "M/M/1, newest first",
       .name = "load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "exp(1s)" }]
balancer = { queue = { discipline = "lifo" } }
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.wait.mean", queue.wait()},
                   {"web.wait.sd", queue.wait_deviation_newest_first(), 0.02}}},
  };
}

ValidationTable batch_cases() {
  // Geometric sizes on 1, 2, … with mean m have the second moment m (2m - 1).
  const double geometric = mean_with_batches({.batches = 0.15, .mean = 4, .second_moment = 28});
  const double fixed = mean_with_batches({.batches = 0.2, .mean = 3, .second_moment = 9});
  return {
      {.family = "M^[X]/M/1",
       .name = "geometric batches",
       .scenario = R"toml(
load = [{ name = "web", arrival = "batch(poisson(0.15/s), size=geom(4))", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", geometric / 0.6, 0.015},
                   {"worker.w.mean_in_flight", geometric, 0.02}}},
      {.family = "M^[X]/M/1",
       .name = "batches of 3",
       .scenario = R"toml(
load = [{ name = "web", arrival = "batch(poisson(0.2/s), size=3)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", fixed / 0.6}}},
  };
}

ValidationTable renewal_cases() {
  const auto metronome = RenewalQueue::constant_gaps(0.7);
  const auto bursts = RenewalQueue::weibull_gaps(0.5, 0.6);
  return {
      {.family = "G/M/1",
       .name = "constant gaps, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "const(0.7/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.response.mean", metronome.response()},
                   {"web.response.p99", metronome.response_quantile(0.99), 0.02}}},
      {.family = "G/M/1",
       .name = "Weibull gaps, load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "weibull(0.5/s, k=0.6)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", bursts.response()},
                   {"web.response.p99", bursts.response_quantile(0.99), 0.02}}},
  };
}

}  // namespace

ValidationTable one_server_cases() {
  ValidationTable all = markov_cases();
  for (const auto table : {order_cases, batch_cases, renewal_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
