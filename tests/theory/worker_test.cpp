// Workers that fail, slow down or share their processor, and balancers that see old news, held to
// exact results. A mean service time is one second throughout.

#include <gtest/gtest.h>

#include "tests/theory/measured.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_modulated.h"

namespace weir::theory {
namespace {

using namespace sim::theory;

std::string scenario(double rate, int seconds, const std::string& workers,
                     const std::string& service = "exp(1s)",
                     const std::string& balancer = "policy = 'random'\n") {
  return "weir = 1\nseed = 7\n[horizon]\ntime = '" + std::to_string(seconds) +
         "s'\nwarmup = 'none'\nreplications = 10\n[[load]]\nname = 'web'\narrival = 'poisson(" +
         std::to_string(rate) + "/s)'\nservice = '" + service + "'\n[balancer]\n" + balancer +
         "[[workers]]\nname = 'w'\n" + workers;
}

double in_flight(const ReplicationRecord& record) {
  return record.workers[0].mean_in_flight;
}

// Up for exp(1/fail), frozen for exp(1/repair), then it goes on where it was; requests go on
// queueing.
void expect_failing(double fail, double repair, int seconds) {
  constexpr double rate = 0.5;
  const ModulatedQueue exact = failing_worker(rate, fail, repair);
  const Measured measured(scenario(rate, seconds,
                                   "[[fault]]\nkind = 'freeze'\nuptime = 'exp(" +
                                       std::to_string(1 / fail) + "s)'\ndowntime = 'exp(" +
                                       std::to_string(1 / repair) + "s)'\n"));
  expect_exact("in flight", measured.each(in_flight), exact.mean());
  expect_exact("response", measured.each(mean_response), exact.response());
}

TEST(FailingWorker, IsAsExactAsTheoryForShortOutages) {
  expect_failing(0.1, 1, 150'000);
}

TEST(FailingWorker, IsAsExactAsTheoryForLongOutages) {
  expect_failing(0.02, 0.2, 600'000);
}

// Up for exp(100 s), at half of its speed for exp(10 s).
TEST(SlowPhases, AreAsExactAsTheory) {
  const ModulatedQueue exact({.arrivals = 0.5, .service = 1, .leave = 0.01},
                             {.arrivals = 0.5, .service = 0.5, .leave = 0.1});
  const Measured measured(scenario(
      0.5, 400'000,
      "[[fault]]\nkind = 'slow'\nfactor = 2\nuptime = 'exp(100s)'\ndowntime = 'exp(10s)'\n"));
  expect_exact("in flight", measured.each(in_flight), exact.mean());
  expect_exact("response", measured.each(mean_response), exact.response());
}

// D/D/1 stands still for F and drains: the line grows by λF and shrinks by 1 - λ in a second, so
// all is as before after F / (1 - λ), and the requests of that time have lost F²/2/(1 - λ) · λ.
TEST(StalledWorker, DrainsAsAFluidDoes) {
  const std::string toml =
      "weir = 1\n[horizon]\nkind = 'terminating'\ntime = '300s'\nreplications = 1\n[[load]]\n"
      "name = 'web'\narrival = 'const(100/s)'\nservice = 'const(8ms)'\n[[workers]]\nname = 'w'\n"
      "[[fault]]\nkind = 'freeze'\nat = '100s'\nfor = '10s'\n";
  const auto record = sim::run_replication(sim::make_experiment(toml), 0, Duration::zero());
  const auto& response = record.loads[0].latencies.response;
  const double frozen = 10;
  const double rho = 0.8;
  const double lost = 100 * frozen * frozen / 2 / (1 - rho);
  const double usual = 0.008 * static_cast<double>(response.count());
  EXPECT_NEAR(response.mean() * 1e-9 * static_cast<double>(response.count()) - usual, lost,
              0.002 * lost);
  EXPECT_NEAR(static_cast<double>(response.max()) * 1e-9, frozen + 0.008, 0.011);
  EXPECT_NEAR(static_cast<double>(record.workers[0].max_queue), 100 * frozen, 1);
}

// M/G/1 with a shared processor: E[S] / (1 - rho), whatever S is. Source: Kleinrock II,
// section 4.4.
void expect_insensitive(const std::string& service, double rho, int seconds) {
  SCOPED_TRACE(service);
  const Measured measured(scenario(rho, seconds, "serve = 'ps'\n", service));
  expect_exact("response", measured.each(mean_response), 1 / (1 - rho));
  expect_exact("utilisation", measured.each([](const auto& r) { return r.workers[0].utilisation; }),
               rho);
}

TEST(ProcessorSharing, IsInsensitiveToTheServiceTime) {
  expect_insensitive("exp(1s)", 0.7, 100'000);
  expect_insensitive("const(1s)", 0.7, 60'000);
  expect_insensitive("hyperexp(mean=1s, scv=4)", 0.7, 200'000);
  expect_insensitive("erlang(mean=1s, k=4)", 0.5, 50'000);
}

// Egalitarian sharing of c cores, exponential service: as many in the system as in M/M/c.
TEST(ProcessorSharing, OfSeveralCoresHasTheMeanOfMMC) {
  const Erlang exact(4, 0.8);
  const Measured measured(scenario(3.2, 40'000, "serve = 'ps'\ncores = 4\n"));
  expect_exact("response", measured.each(mean_response), exact.response());
}

// Loads that are never repainted are all the same: least_loaded is a blind draw, N times M/M/1.
TEST(StaleView, WithoutAnyNewsIsARandomChoice) {
  const Measured measured(scenario(4 * 0.7, 30'000, "count = 4\n", "exp(1s)",
                                   "policy = 'least_loaded'\nstale = '10h'\n"));
  expect_exact("response", measured.each(mean_response), 1 / (1 - 0.7));
}

}  // namespace
}  // namespace weir::theory
