// Requests that are tried again, sent twice, or held back at the door.

#include <utility>

#include "weir/sim/theory_attempts.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

using namespace theory;

ValidationTable retry_cases() {
  const Retried twice{.failure = 0.3, .retries = 2}, never{.failure = 0.1, .retries = 0};
  return {
      {.family = "retries",
       .name = "30 % fail, 2 retries",
       .scenario = R"toml(
workers = [{ name = "w", concurrency = 1000, failure = "30%" }]
[[load]]
name = "web"
arrival = "poisson(10/s)"
service = "exp(1s)"
retry = { max = 2, backoff = "none", budget = "none" }
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.failure", 1 - twice.success(), 0.01},
                   {"web.attempts_each", twice.attempts()},
                   {"worker.w.mean_in_flight", 10 * twice.attempts()}}},
      {.family = "retries",
       .name = "10 % fail, no retries",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(10/s)", service = "exp(1s)" }]
workers = [{ name = "w", concurrency = 1000, failure = "10%" }]
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.failure", 1 - never.success(), 0.01}}},
  };
}

// A second copy after half a second or one; the first answer counts.
ValidationTable hedge_cases() {
  const Hedged soon{.after = 0.5}, late{.after = 1};
  return {
      {.family = "hedging",
       .name = "after half of the mean",
       .scenario = R"toml(
workers = [{ name = "w", count = 2, concurrency = 1000 }]
[[load]]
name = "web"
arrival = "poisson(10/s)"
service = "exp(1s)"
retry = { max = 0, budget = "none" }
hedge = { after = "500ms" }
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.response.mean", soon.response()},
                   {"web.hedges_each", soon.extra()},
                   {"web.response.p99", soon.quantile(0.99)}}},
      {.family = "hedging",
       .name = "after the mean",
       .scenario = R"toml(
workers = [{ name = "w", count = 2, concurrency = 1000 }]
[[load]]
name = "web"
arrival = "poisson(10/s)"
service = "exp(1s)"
retry = { max = 0, budget = "none" }
hedge = { after = "1s" }
)toml",
       .window_s = 1000,
       .warmup_s = 20,
       .figures = {{"web.response.mean", late.response()}, {"web.hedges_each", late.extra()}}},
  };
}

// Ten tokens a second; a request without one is refused, or waits.
ValidationTable bucket_cases() {
  const TokenBucket one{.lambda = 0.8, .burst = 1}, three{.lambda = 0.8, .burst = 3};
  return {
      {.family = "token bucket",
       .name = "refuses, burst 1",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "const(0s)" }]
balancer = { admission = { rate = "token(10/s, burst=1)" } }
workers = [{ name = "w", concurrency = 100 }]
)toml",
       .window_s = 500,
       .warmup_s = 10,
       .figures = {{"web.loss", one.dropped()}}},
      {.family = "token bucket",
       .name = "refuses, burst 3",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "const(0s)" }]
balancer = { admission = { rate = "token(10/s, burst=3)" } }
workers = [{ name = "w", concurrency = 100 }]
)toml",
       .window_s = 1000,
       .warmup_s = 10,
       .figures = {{"web.loss", three.dropped()}}},
      {.family = "token bucket",
       .name = "makes wait, burst 3",
       .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "const(0s)" }]
balancer = { admission = { rate = "token(10/s, burst=3)", overflow = "block" } }
workers = [{ name = "w", concurrency = 100 }]
)toml",
       .window_s = 3'000,
       .warmup_s = 50,
       .figures = {{"web.response.mean", three.delay() / 10, 0.015}}},
  };
}

}  // namespace

ValidationTable attempt_cases() {
  ValidationTable all = retry_cases();
  for (const auto table : {hedge_cases, bucket_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

}  // namespace weir::sim
