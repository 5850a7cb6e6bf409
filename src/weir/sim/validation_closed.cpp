// Clients that wait for their replies.

#include <utility>

#include "weir/sim/theory_closed.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable one_line_cases() {
  const BirthDeath four = closed_line(4, 50, 10), one = closed_line(1, 8, 10);
  const double four_throughput = (50 - four.mean()) / 10, one_throughput = (8 - one.mean()) / 10;
  return {
      {.family = "M/M/c//N",
       .name = "50 clients, 4 servers",
       .scenario = R"toml(
load = [{ name = "web", model = "closed", clients = 50, think = "exp(10s)", service = "exp(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 2'000,
       .warmup_s = 200,
       .figures = {{"web.goodput_per_s", four_throughput},
                   {"web.response.mean", four.mean() / four_throughput},
                   {"in_flight", four.mean()}}},
      {.family = "M/M/c//N",
       .name = "8 clients, 1 server",
       .scenario = R"toml(
load = [{ name = "web", model = "closed", clients = 8, think = "exp(10s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.goodput_per_s", one_throughput},
                   {"web.response.mean", one.mean() / one_throughput},
                   {"worker.w.utilisation", one_throughput}}},
  };
}

ValidationTable many_line_cases_of_clients() {
  const ClosedResult calm = random_routing(4, 20, 10);
  const ClosedResult busy = random_routing(3, 12, 2);
  return {
      {.family = "closed network",
       .name = "20 clients, 4 servers at random",
       .scenario = R"toml(
load = [{ name = "web", model = "closed", clients = 20, think = "exp(10s)", service = "exp(1s)" }]
balancer = { policy = "random" }
workers = [{ name = "w", count = 4 }]
)toml",
       .window_s = 5'000,
       .warmup_s = 200,
       .figures = {{"web.goodput_per_s", calm.throughput},
                   {"web.response.mean", calm.response},
                   {"worker.w.mean_in_flight", calm.in_flight[0]}}},
      {.family = "closed network",
       .name = "12 clients, 3 servers at random",
       .scenario = R"toml(
balancer = { policy = "random" }
workers = [{ name = "w", count = 3 }]
[[load]]
name = "web"
model = "closed"
clients = 12
think = "uniform(0s, 4s)"
service = "exp(1s)"
)toml",
       .window_s = 5'000,
       .warmup_s = 200,
       .figures = {{"web.goodput_per_s", busy.throughput},
                   {"web.response.mean", busy.response},
                   {"worker.w.utilisation", busy.throughput / 3}}},
  };
}

// Saturated: ten workers finish two requests a second, and Little's law gives the rest.
ValidationTable pike_cases() {
  return {
      {.family = "asymptotes",
       .name = "Pike's balancer",
       .scenario = R"toml(
balancer = { policy = "least_loaded" }
workers = [{ name = "w", count = 10 }]
[[load]]
name = "web"
model = "closed"
clients = 100
think = "uniform(0s, 20s)"
service = "uniform(0s, 10s)"
)toml",
       .window_s = 2'000,
       .warmup_s = 500,
       .figures = {{"web.throughput_per_s", 2},
                   {"web.response.mean", 40},
                   {"worker.w.mean_in_flight", 8}}},
  };
}

}  // namespace

ValidationTable closed_cases() {
  ValidationTable all = one_line_cases();
  for (const auto table : {many_line_cases_of_clients, pike_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
