// One server with Poisson arrivals and every law of service that a scenario can name.

#include <array>
#include <cmath>
#include <utility>

#include "weir/sim/theory_poisson.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

// Mean and spread of the wait tell the first three moments of the service.
std::vector<ExactFigure> wait_of(double rate, const Moments& service, double error_max = 0.01) {
  const PoissonQueue queue(rate, service);
  return {{"web.wait.mean", queue.wait(), error_max},
          {"web.wait.sd", queue.wait_deviation(), 0.02}};
}

ValidationTable constant_cases() {
  return {
      {.family = "M/D/1",
       .name = "load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "const(1s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = {{"web.wait.mean", 0.5},
                   {"web.wait.p90", constant_service_wait_quantile(0.5, 0.9)},
                   {"web.wait.p99", constant_service_wait_quantile(0.5, 0.99), 0.015}}},
      {.family = "M/D/1",
       .name = "load 0.8",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.8/s)", service = "const(1s)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 15'000,
       .figures = {{"web.wait.mean", 2},
                   {"web.wait.p90", constant_service_wait_quantile(0.8, 0.9), 0.015},
                   {"web.wait.p99", constant_service_wait_quantile(0.8, 0.99), 0.02}}},
  };
}

ValidationTable light_cases() {
  return {
      {.family = "M/G/1",
       .name = "uniform",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.7/s)", service = "uniform(0s, 2s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = wait_of(0.7, Moments::uniform(0, 2))},
      {.family = "M/G/1",
       .name = "Erlang",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.7/s)", service = "erlang(mean=1s, k=4)" }]
workers = [{ name = "w" }]
)toml",
       .figures = wait_of(0.7, Moments::erlang(1, 4))},
      {.family = "M/G/1",
       .name = "gamma",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "gamma(mean=1s, cv=1.2)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = wait_of(0.5, Moments::gamma(1, 1.2))},
      {.family = "M/G/1",
       .name = "lognormal",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "lognormal(mean=1s, cv=1)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 20'000,
       .figures = wait_of(0.5, Moments::lognormal(1, 1))},
  };
}

ValidationTable heavy_cases() {
  const std::array mix{Moments::Part{0.9, Moments::constant(0.5)},
                       Moments::Part{0.1, Moments::exponential(5.5)}};
  return {
      {.family = "M/G/1",
       .name = "Weibull",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "weibull(mean=1s, k=0.7)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 30'000,
       .figures = wait_of(0.5, Moments::weibull(1, 0.7))},
      {.family = "M/G/1",
       .name = "bounded Pareto",
       .scenario = R"toml(
workers = [{ name = "w" }]
[[load]]
name = "web"
arrival = "poisson(0.3/s)"
service = "pareto(alpha=1.5, min=400ms, max=40s)"
)toml",
       .window_s = 40'000,
       .figures = wait_of(0.3, Moments::pareto(1.5, 0.4, 40), 0.015)},
      {.family = "M/G/1",
       .name = "mix",
       .scenario = R"toml(
workers = [{ name = "w" }]
[[load]]
name = "web"
arrival = "poisson(0.5/s)"
service = "mix(90%: const(500ms), 10%: exp(5.5s))"
)toml",
       .window_s = 40'000,
       .figures = wait_of(0.5, Moments::mixed(mix))},
  };
}

// Of two loads in one line each waits as the mixture of both does.
ValidationTable shared_line_cases() {
  const std::array both{Moments::Part{2.0 / 3, Moments::exponential(0.5)},
                        Moments::Part{1.0 / 3, Moments::constant(1)}};
  const double wait = PoissonQueue(0.9, Moments::mixed(both)).wait();
  return {
      {.family = "M/G/1",
       .name = "two loads in one line",
       .scenario = R"toml(
load = [{ name = "small", arrival = "poisson(0.6/s)", service = "exp(500ms)" },
        { name = "large", arrival = "poisson(0.3/s)", service = "const(1s)" }]
workers = [{ name = "w" }]
)toml",
       .figures = {{"small.wait.mean", wait, 0.015},
                   {"large.wait.mean", wait, 0.015},
                   {"worker.w.utilisation", 0.6}}},
  };
}

// Quantiles of M/H2/1: balanced means, so 0.8873 of the requests take 0.5635 s on average.
ValidationTable hyperexponential_cases() {
  const double share = 0.5 * (1 + std::sqrt(3.0 / 5));
  const HyperexponentialQueue queue(0.5, {.share = share, .mean = 1 / (2 * share)},
                                    {.share = 1 - share, .mean = 1 / (2 * (1 - share))});
  ValidationTable table{
      {.family = "M/H2/1",
       .name = "scv 4, load 0.5",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "hyperexp(mean=1s, scv=4)" }]
workers = [{ name = "w" }]
)toml",
       .window_s = 40'000,
       .figures = wait_of(0.5, Moments::hyperexponential(1, 4))},
  };
  table[0].figures.push_back({"web.response.p50", queue.response_quantile(0.5)});
  table[0].figures.push_back({"web.response.p90", queue.response_quantile(0.9)});
  table[0].figures.push_back({"web.response.p99", queue.response_quantile(0.99), 0.02});
  return table;
}

}  // namespace

ValidationTable general_service_cases() {
  ValidationTable all = constant_cases();
  for (const auto table : {light_cases, heavy_cases, shared_line_cases, hyperexponential_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
