// Several servers behind one line, and so many that nobody waits.

#include <cmath>
#include <utility>

#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable markov_cases() {
  const Erlang two(2, 0.7), five(5, 0.8), ten(10, 0.8);
  return {
      {.family = "M/M/c",
       .name = "2 servers, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1.4/s)", service = "exp(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 2 }]
)toml",
       .figures = {{"web.response.mean", two.response()},
                   {"web.wait.mean", two.wait(), 0.015},
                   {"web.response.p99", two.response_quantile(0.99), 0.02},
                   {"worker.w.utilisation", 0.7}}},
      {.family = "M/M/c",
       .name = "5 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(4/s)", service = "exp(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 5 }]
)toml",
       .window_s = 5'000,
       .figures = {{"web.response.mean", five.response()},
                   {"web.wait.mean", five.wait(), 0.015},
                   {"web.wait.p90", five.wait_quantile(0.9), 0.015},
                   {"web.response.p99", five.response_quantile(0.99), 0.02},
                   {"balancer.mean_queue", 4 * five.wait(), 0.015},
                   {"in_flight", 4 * five.response()}}},
      {.family = "M/M/c",
       .name = "10 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "exp(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 10 }]
)toml",
       .window_s = 2'000,
       .warmup_s = 200,
       .figures = {{"web.response.mean", ten.response()},
                   {"web.response.p50", ten.response_quantile(0.5)},
                   {"web.response.p99", ten.response_quantile(0.99), 0.015},
                   {"web.wait.mean", ten.wait(), 0.02},
                   {"worker.w.utilisation", 0.8}}},
  };
}

// One worker that serves several side by side is no other queue than several workers.
ValidationTable concurrent_cases() {
  const Erlang four(4, 0.7);
  return {
      {.family = "M/M/c",
       .name = "1 worker of concurrency 4",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(2.8/s)", service = "exp(1s)" }]
balancer = { policy = "round_robin" }
workers = [{ name = "w", concurrency = 4 }]
)toml",
       .window_s = 4'000,
       .figures = {{"web.response.mean", four.response()},
                   {"web.wait.mean", four.wait(), 0.015},
                   {"worker.w.utilisation", 0.7}}},
  };
}

ValidationTable constant_cases() {
  return {
      {.family = "M/D/c",
       .name = "2 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(1.6/s)", service = "const(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 2 }]
)toml",
       .figures = {{"web.wait.mean", constant_service_wait(2, 0.8)}}},
      {.family = "M/D/c",
       .name = "5 servers, load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(4/s)", service = "const(1s)" }]
balancer = { policy = "central_queue" }
workers = [{ name = "w", count = 5 }]
)toml",
       .window_s = 5'000,
       .figures = {{"web.wait.mean", constant_service_wait(5, 0.8)},
                   {"balancer.mean_queue", 4 * constant_service_wait(5, 0.8)}}},
  };
}

// The number in service is Poisson, whatever the law of the service.
ValidationTable unlimited_cases() {
  return {
      {.family = "M/G/∞",
       .name = "exponential, 5 on average",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(5/s)", service = "exp(1s)" }]
workers = [{ name = "w", concurrency = 1000 }]
)toml",
       .window_s = 3'000,
       .warmup_s = 20,
       .figures = {{"worker.w.mean_in_flight", 5},
                   {"worker.w.sd_in_flight", std::sqrt(5)},
                   {"web.response.mean", 1}}},
      {.family = "M/G/∞",
       .name = "lognormal, 5 on average",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(5/s)", service = "lognormal(mean=1s, cv=2)" }]
workers = [{ name = "w", concurrency = 1000 }]
)toml",
       .window_s = 5'000,
       .warmup_s = 200,
       .figures = {{"worker.w.mean_in_flight", 5}, {"worker.w.sd_in_flight", std::sqrt(5)}}},
  };
}

}  // namespace

ValidationTable central_line_cases() {
  ValidationTable all = markov_cases();
  for (const auto table : {concurrent_cases, constant_cases, unlimited_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
