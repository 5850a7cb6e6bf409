// Requests that are tried again.

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

}  // namespace

ValidationTable attempt_cases() {
  return retry_cases();
}

}  // namespace weir::sim
