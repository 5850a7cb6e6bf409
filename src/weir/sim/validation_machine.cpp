// Workers that share their processor, stand still at times, or are slow at times.

#include <utility>

#include "weir/sim/theory_modulated.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/theory_service.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

// The mean response hangs on the mean service alone.
ValidationTable sharing_cases() {
  const double half = PoissonQueue(0.5, Moments::exponential(1)).shared_response();
  const double busy = PoissonQueue(0.7, Moments::constant(1)).shared_response();
  return {
      {.family = "M/G/1-PS",
       .name = "exponential",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "exp(1s)" }]
workers = [{ name = "w", serve = "ps" }]
)toml",
       .figures = {{"web.response.mean", half, 0.015}, {"worker.w.utilisation", 0.5}}},
      {.family = "M/G/1-PS",
       .name = "hyperexponential",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "hyperexp(mean=1s, scv=4)" }]
workers = [{ name = "w", serve = "ps" }]
)toml",
       .figures = {{"web.response.mean", half, 0.015}}},
      {.family = "M/G/1-PS",
       .name = "constant, load 0.7",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.7/s)", service = "const(1s)" }]
workers = [{ name = "w", serve = "ps" }]
)toml",
       .figures = {{"web.response.mean", busy}, {"worker.w.mean_in_flight", 0.7 * busy, 0.015}}},
  };
}

ValidationTable changing_worker_cases() {
  const ModulatedQueue frozen = failing_worker(0.5, 0.1, 1);
  const ModulatedQueue slow({.arrivals = 0.5, .service = 1, .leave = 0.1},
                            {.arrivals = 0.5, .service = 0.5, .leave = 0.2});
  return {
      {.family = "failing worker",
       .name = "up 10 s, standing still 1 s",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
fault = [{ kind = "freeze", uptime = "exp(10s)", downtime = "exp(1s)" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", frozen.response()},
                   {"worker.w.mean_in_flight", frozen.mean(), 0.015}}},
      {.family = "failing worker",
       .name = "up 10 s, half as fast 5 s",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.5/s)", service = "exp(1s)" }]
workers = [{ name = "w" }]
fault = [{ kind = "slow", factor = 2, uptime = "exp(10s)", downtime = "exp(5s)" }]
)toml",
       .window_s = 20'000,
       .figures = {{"web.response.mean", slow.response(), 0.015}}},
  };
}

}  // namespace

ValidationTable machine_cases() {
  ValidationTable all = sharing_cases();
  for (ValidationCase& validation : changing_worker_cases()) all.push_back(std::move(validation));
  return all;
}

}  // namespace weir::sim
