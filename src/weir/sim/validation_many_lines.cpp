// Servers with a line each, and the ways of choosing one.

#include <utility>

#include "weir/sim/theory_choice.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_renewal.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable random_cases() {
  const Erlang each(1, 0.7);
  // Half of 1.4 a second to each: response 1 / (μ - λ).
  const double fast = 1 / (2 - 0.7), normal = 1 / (1 - 0.7);
  return {
      {.family = "random split",
       .name = "4 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { policy = "random" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 5'000,
       .figures = {{"web.response.mean", each.response()},
                   {"web.response.p99", each.response_quantile(0.99), 0.02},
                   {"worker.w.mean_in_flight", 0.7 * each.response()}}},
      {.family = "random split",
       .name = "one server twice as fast",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1.4/s)", service = "exp(1s)" }]
balancer = { policy = "random" }
workers = [{ name = "fast", speed = 2 }, { name = "normal" }]
)toml",
       .window_s = 10'000,
       .figures = {{"web.response.mean", (fast + normal) / 2},
                   {"worker.fast.mean_in_flight", 0.7 * fast},
                   {"worker.fast.utilisation", 0.35},
                   {"worker.normal.mean_queue", 0.7 * (normal - 1), 0.015}}},
  };
}

// Chance needs no view, and a worker has one line, whoever sends to it.
ValidationTable several_balancers_cases() {
  const Erlang each(1, 0.7), one(1, 0.8);
  return {
      {.family = "several balancers",
       .name = "4 of them by chance, 4 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { count = 4, policy = "random" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 5'000,
       .figures = {{"web.response.mean", each.response()},
                   {"web.response.p99", each.response_quantile(0.99), 0.02},
                   {"worker.w.mean_in_flight", 0.7 * each.response()}}},
      {.family = "several balancers",
       .name = "3 of them, 1 server, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.8/s)", service = "exp(1s)" }]
balancer = { count = 3, policy = "least_loaded" }
workers = [{ name = "w" }]
)toml",
       .window_s = 30'000,
       .figures = {{"web.wait.mean", one.wait(), 0.02}, {"worker.w.utilisation", 0.8}}},
  };
}

ValidationTable round_robin_cases() {
  const auto two = RenewalQueue::round_robin(2, 0.7);
  const auto four = RenewalQueue::round_robin(4, 0.8);
  const auto ten = RenewalQueue::round_robin(10, 0.5);
  return {
      {.family = "round robin",
       .name = "2 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1.4/s)", service = "exp(1s)" }]
balancer = { policy = "round_robin" }
workers = [{ name = "w", count = 2 }]
)toml",
       .figures = {{"web.response.mean", two.response()},
                   {"web.response.p99", two.response_quantile(0.99), 0.02}}},
      {.family = "round robin",
       .name = "4 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(3.2/s)", service = "exp(1s)" }]
balancer = { policy = "round_robin" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 6'000,
       .figures = {{"web.response.mean", four.response()},
                   {"web.response.p99", four.response_quantile(0.99), 0.02}}},
      {.family = "round robin",
       .name = "10 servers, load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(5/s)", service = "exp(1s)" }]
balancer = { policy = "round_robin" }
workers = [{ name = "w", count = 10 }]
)toml",
       .window_s = 1'000,
       .warmup_s = 100,
       .figures = {{"web.response.mean", ten.response()},
                   {"web.response.p99", ten.response_quantile(0.99)}}},
  };
}

ValidationTable least_loaded_cases() {
  const double two = shortest_of({.servers = 2, .looked_at = 2, .rho = 0.8, .longest = 60});
  const double four = shortest_of({.servers = 4, .looked_at = 4, .rho = 0.7, .longest = 12});
  return {
      {.family = "least loaded",
       .name = "2 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1.6/s)", service = "exp(1s)" }]
balancer = { policy = "least_loaded" }
workers = [{ name = "w", count = 2 }]
)toml",
       .window_s = 10'000,
       .figures = {{"web.response.mean", two}, {"in_flight", 1.6 * two, 0.015}}},
      {.family = "least loaded",
       .name = "4 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { policy = "least_loaded" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 3'000,
       .figures = {{"web.response.mean", four}, {"worker.w.mean_in_flight", 0.7 * four}}},
  };
}

ValidationTable choice_cases() {
  const double three = shortest_of({.servers = 3, .looked_at = 2, .rho = 0.7, .longest = 18});
  const double four = shortest_of({.servers = 4, .looked_at = 2, .rho = 0.7, .longest = 12});
  const double of_three = shortest_of({.servers = 4, .looked_at = 3, .rho = 0.7, .longest = 12});
  return {
      {.family = "two choices",
       .name = "3 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.1/s)", service = "exp(1s)" }]
balancer = { policy = "p2c" }
workers = [{ name = "w", count = 3 }]
)toml",
       .window_s = 4'000,
       .figures = {{"web.response.mean", three}}},
      {.family = "two choices",
       .name = "4 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { policy = "p2c" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 3'000,
       .figures = {{"web.response.mean", four}, {"worker.w.mean_in_flight", 0.7 * four}}},
      {.family = "two choices",
       .name = "3 choices of 4 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { policy = "p2c(d=3)" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 3'000,
       .figures = {{"web.response.mean", of_three}}},
  };
}

}  // namespace

ValidationTable many_line_cases() {
  ValidationTable all = random_cases();
  for (const auto table :
       {several_balancers_cases, round_robin_cases, least_loaded_cases, choice_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
