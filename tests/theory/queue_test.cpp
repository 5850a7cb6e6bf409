// Single stations and the ways of spreading Poisson arrivals over several, held to exact results.
// A mean service time is one second throughout.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/theory/measured.h"
#include "weir/sim/theory_choice.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/theory_renewal.h"

namespace weir::theory {
namespace {

using namespace sim::theory;

// Open Poisson arrivals for `seconds`, at `rate`, to `workers` of speed 1.
std::string scenario(double rate, int workers, const std::string& policy, int seconds,
                     const std::string& service = "exp(1s)", const std::string& more = "") {
  return "weir = 1\nseed = 7\n[horizon]\ntime = '" + std::to_string(seconds) +
         "s'\nwarmup = 'none'\nreplications = 10\n" +
         "[[load]]\nname = 'web'\narrival = 'poisson(" + std::to_string(rate) +
         "/s)'\nservice = '" + service + "'\n[balancer]\npolicy = '" + policy + "'\n" + more +
         "[[workers]]\nname = 'w'\ncount = " + std::to_string(workers) + "\n";
}

void expect_one_server(double rho, int seconds) {
  const Erlang exact(1, rho);
  const Measured measured(scenario(rho, 1, "random", seconds));
  expect_exact("response", measured.each(mean_response), exact.response());
  expect_exact("median", measured.each(response_quantile(0.5)), exact.response_quantile(0.5));
  expect_exact("p90", measured.each(response_quantile(0.9)), exact.response_quantile(0.9));
  expect_exact("in flight",
               measured.each([](const auto& r) { return r.workers[0].mean_in_flight; }),
               rho / (1 - rho));
  expect_exact("utilisation", measured.each([](const auto& r) { return r.workers[0].utilisation; }),
               rho);
}

TEST(OneServer, IsMM1AtHalfLoad) {
  expect_one_server(0.5, 80'000);
}

TEST(OneServer, IsMM1AtFourFifths) {
  expect_one_server(0.8, 200'000);
}

TEST(OneServer, IsMD1ForConstantService) {
  const Measured measured(scenario(0.8, 1, "random", 100'000, "const(1s)"));
  expect_exact("response", measured.each(mean_response),
               PoissonQueue(0.8, Moments::constant(1)).response());
}

TEST(OneServer, IsMG1ForHyperexponentialService) {
  const Measured measured(scenario(0.5, 1, "random", 200'000, "hyperexp(mean=1s, scv=4)"));
  expect_exact("response", measured.each(mean_response),
               PoissonQueue(0.5, Moments::hyperexponential(1, 4)).response());
}

// Waiting in the central line or being served.
double all_in_flight(const ReplicationRecord& record) {
  double sum = record.line.mean_queue;
  for (const auto& worker : record.workers) sum += worker.mean_in_flight;
  return sum;
}

void expect_central_queue(int workers, double rho, int seconds) {
  const Erlang exact(workers, rho);
  const Measured measured(scenario(workers * rho, workers, "central_queue", seconds));
  expect_exact("response", measured.each(mean_response), exact.response());
  expect_exact("p90", measured.each(response_quantile(0.9)), exact.response_quantile(0.9));
  expect_exact("in flight", measured.each(all_in_flight), workers * rho * exact.response());
}

TEST(CentralQueue, IsMM2) {
  expect_central_queue(2, 0.8, 100'000);
}

TEST(CentralQueue, IsMM10) {
  expect_central_queue(10, 0.8, 15'000);
}

TEST(RandomChoice, SplitsPoissonArrivalsIntoIndependentServers) {
  const Erlang one(1, 0.7);
  const Measured measured(scenario(4 * 0.7, 4, "random", 30'000));
  expect_exact("response", measured.each(mean_response), one.response());
  expect_exact("p90", measured.each(response_quantile(0.9)), one.response_quantile(0.9));
}

TEST(RoundRobinOrder, MakesErlangArrivalsAtEachServer) {
  const auto exact = RenewalQueue::round_robin(10, 0.8);
  const Measured measured(scenario(8, 10, "round_robin", 25'000));
  expect_exact("response", measured.each(mean_response), exact.response());
  expect_exact("p99", measured.each(response_quantile(0.99)), exact.response_quantile(0.99));
}

TEST(TwoChoices, FollowTheExactChainOfFourServers) {
  const Measured measured(scenario(4 * 0.8, 4, "p2c", 30'000));
  expect_exact("response", measured.each(mean_response),
               shortest_of({.servers = 4, .looked_at = 2, .rho = 0.8}));
}

TEST(LeastLoaded, FollowsTheExactChainOfFourServers) {
  const Measured measured(scenario(4 * 0.8, 4, "least_loaded", 30'000));
  expect_exact("response", measured.each(mean_response),
               shortest_of({.servers = 4, .looked_at = 4, .rho = 0.8}));
}

// The limit counts those that wait, so a server has room for one more.
TEST(Limit, BlocksAsMM1KDoes) {
  const BirthDeath exact = bounded_line(1, 5, 0.9);
  const double blocked = exact.probability(5);
  const Measured measured(scenario(0.9, 1, "random", 60'000, "exp(1s)", "queue = { limit = 4 }\n"));
  expect_exact("blocked", measured.each(rejected_share), blocked);
  expect_exact("response", measured.each(mean_response), exact.mean() / (0.9 * (1 - blocked)));
}

TEST(Limit, BlocksAsMMcKDoes) {
  const BirthDeath exact = bounded_line(4, 10, 3.6);
  const double blocked = exact.probability(10);
  const Measured measured(
      scenario(3.6, 4, "central_queue", 30'000, "exp(1s)", "queue = { limit = 6 }\n"));
  expect_exact("blocked", measured.each(rejected_share), blocked);
  expect_exact("response", measured.each(mean_response), exact.mean() / (3.6 * (1 - blocked)));
}

// Whatever the law of the service time, its mean decides.
TEST(Limit, OfNoneIsErlangB) {
  const Erlang exact(10, 0.8);
  for (const char* service : {"exp(1s)", "const(1s)", "hyperexp(mean=1s, scv=2)"}) {
    const Measured measured(
        scenario(8, 10, "central_queue", 15'000, service, "queue = { limit = 0 }\n"));
    expect_exact(service, measured.each(rejected_share), exact.blocked());
  }
}

// A caller that has waited for its timeout leaves the line; one whose service has begun leaves too,
// but its service goes on, so what the workers serve is what M/M/c with patience serves.
void expect_patience(int workers, double rate, int seconds) {
  const double lost = impatient_share(workers, rate, 1.5);
  std::string toml = scenario(rate, workers, "central_queue", seconds);
  const Measured measured(toml, {"load.web.timeout=1.5s"});
  const auto served = [](const ReplicationRecord& record) {
    double completed = 0;
    for (const auto& worker : record.workers) completed += static_cast<double>(worker.completed);
    return completed / record.window_s;
  };
  const auto left = [&](const ReplicationRecord& record) {
    return 1 -
           served(record) * record.window_s / static_cast<double>(record.loads[0].counts.offered);
  };
  expect_exact("served a second", measured.each(served), rate * (1 - lost));
  expect_exact("left the line", measured.each(left), lost);
}

TEST(Timeout, EmptiesTheLineOfOneServerAsPatienceDoes) {
  EXPECT_DOUBLE_EQ(impatient_share(1, 1, 1.5), 1 / (1.5 + 2));
  expect_patience(1, 1, 50'000);
}

TEST(Timeout, EmptiesTheLineOfFourServersAsPatienceDoes) {
  expect_patience(4, 4.4, 15'000);
}

}  // namespace
}  // namespace weir::theory
