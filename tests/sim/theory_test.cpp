// The formulas themselves, held to values of the literature, to each other where two of them must
// meet, and to sums and integrals done another way. No simulation here.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "weir/sim/theory_attempts.h"
#include "weir/sim/theory_choice.h"
#include "weir/sim/theory_closed.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_modulated.h"
#include "weir/sim/theory_numerics.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/theory_renewal.h"

namespace weir::sim::theory {
namespace {

TEST(Erlang, OfOneServerIsMM1) {
  const Erlang queue(1, 0.8);
  EXPECT_NEAR(queue.wait(), 4, 1e-12);
  EXPECT_NEAR(queue.response(), 5, 1e-12);
  EXPECT_NEAR(queue.response_quantile(0.99), std::log(100) * 5, 1e-9);
  EXPECT_NEAR(queue.wait_quantile(0.9), std::log(0.8 / 0.1) / 0.2, 1e-12);
  EXPECT_EQ(queue.wait_quantile(0.1), 0);  // more than that find the server idle
}

// Marc Brooker, "Surprising economics of load-balanced systems", 2020: at half load 13 % of the
// requests wait with five servers, 3.6 % with ten.
TEST(Erlang, HasThePublishedChancesOfWaiting) {
  EXPECT_NEAR(Erlang(5, 0.5).waits(), 0.13, 0.0005);
  EXPECT_NEAR(Erlang(10, 0.5).waits(), 0.036, 0.0005);
}

TEST(Erlang, HasThePublishedMeanOfFourServers) {
  EXPECT_NEAR(Erlang(4, 0.8).response(), 1.745541, 5e-7);
}

// B = (a^c / c!) / Σ a^k / k!
TEST(Erlang, BlocksAsTheSumSays) {
  double term = 1, sum = 1;
  for (int k = 1; k <= 10; ++k) sum += term *= 8.0 / k;
  EXPECT_NEAR(Erlang(10, 0.8).blocked(), term / sum, 1e-14);
}

TEST(Erlang, HasADensityWhoseIntegralIsTheMean) {
  const Erlang queue(5, 0.8);  // theta is 1 here, where the formula has another form
  const auto tail = [&](double t) { return queue.response_beyond(t); };
  EXPECT_NEAR(integral(0, 60, tail, 4000), queue.response(), 1e-9);
  const Erlang other(3, 0.7);
  const auto other_tail = [&](double t) { return other.response_beyond(t); };
  EXPECT_NEAR(integral(0, 80, other_tail, 4000), other.response(), 1e-9);
}

// Requests for ±1 % with 95 % confidence, at rho = 0.5, 0.8 and 0.9.
TEST(RunLength, IsThatOfTheAsymptoticVariance) {
  const double error = 0.01 / 1.96;
  EXPECT_NEAR(requests_for(0.5, error) / 1e6, 1.1, 0.05);
  EXPECT_NEAR(requests_for(0.8, error) / 1e6, 4.7, 0.05);
  EXPECT_NEAR(requests_for(0.9, error) / 1e6, 17, 0.5);
}

TEST(BoundedLine, OfNoLineIsErlangB) {
  EXPECT_NEAR(bounded_line(10, 10, 8).probability(10), Erlang(10, 0.8).blocked(), 1e-14);
}

TEST(BoundedLine, OfOneServerIsGeometricAndCut) {
  EXPECT_NEAR(bounded_line(1, 5, 0.9).probability(5),
              0.1 * std::pow(0.9, 5) / (1 - std::pow(0.9, 6)), 1e-14);
}

TEST(ClosedLine, OfManyClientsKeepsTheServersBusy) {
  const double throughput = (100 - closed_line(10, 100, 2).mean()) / 2;
  EXPECT_NEAR(throughput, 10, 1e-9);  // Pike: 10 servers, 100 clients who think twice as long
}

TEST(ImpatientShare, OfOneServerAtItsLimitIsOneOverPatiencePlusTwo) {
  EXPECT_NEAR(impatient_share(1, 1, 1.5), 1 / 3.5, 1e-12);
  EXPECT_NEAR(impatient_share(1, 1, 4), 1 / 6.0, 1e-12);
}

TEST(ImpatientShare, MeetsErlangBAndErlangCAtItsEnds) {
  EXPECT_NEAR(impatient_share(10, 8, 0), Erlang(10, 0.8).blocked(), 1e-12);
  EXPECT_NEAR(impatient_share(10, 8, 100), 0, 1e-12);
}

TEST(AfterEmpty, BeginsLikeArrivalsAloneAndEndsInTheSteadyState) {
  EXPECT_NEAR(mean_after_empty(0.8, 1e-4), 0.8e-4, 1e-8);
  EXPECT_NEAR(mean_after_empty(0.5, 400), 1, 1e-9);
}

// The equations of M/M/1 in small steps of time, which know nothing of uniformisation.
TEST(AfterEmpty, SolvesTheDifferentialEquations) {
  std::vector<double> p(60, 0), slope(60, 0);
  p[0] = 1;
  constexpr int steps = 50'000;
  constexpr double step = 5.0 / steps;
  for (int i = 0; i < steps; ++i) {
    for (std::size_t k = 0; k < p.size(); ++k) {
      slope[k] = (k > 0 ? 0.8 * p[k - 1] - p[k] : 0) - 0.8 * p[k];
      if (k + 1 < p.size()) slope[k] += p[k + 1];
    }
    for (std::size_t k = 0; k < p.size(); ++k) p[k] += step * slope[k];
  }
  double mean = 0;
  for (std::size_t k = 0; k < p.size(); ++k) mean += static_cast<double>(k) * p[k];
  EXPECT_NEAR(mean_after_empty(0.8, 5), mean, 1e-4);
}

TEST(Batches, OfOneAreMM1) {
  EXPECT_NEAR(mean_with_batches({.batches = 0.7}), 0.7 / 0.3, 1e-12);
}

// The first request of a batch waits for the work of M/G/1 with the whole batch as a service.
TEST(Batches, WaitAsTheirWorkDoes) {
  constexpr double batches = 0.2, mean = 3;  // all of size 3
  const double work = PoissonQueue(batches, Moments::erlang(mean, 3)).wait();
  const double response = work + (1 + 2 + 3) / 3.0;
  EXPECT_NEAR(mean_with_batches({.batches = batches, .mean = mean, .second_moment = 9}),
              batches * mean * response, 1e-12);
}

// From the samplers' point of view: the moments that an integral over the quantiles gives.
void expect_moments(const Moments& moments, double (*quantile)(double)) {
  const auto power = [&](double n) {
    // u = s²(3 - 2s) has no slope at its ends, which tames quantiles that grow without bound.
    return integral(
        0, 1 - 1e-5,
        [&](double s) { return std::pow(quantile(s * s * (3 - 2 * s)), n) * 6 * s * (1 - s); },
        200'000);
  };
  EXPECT_NEAR(power(1) / moments.first, 1, 1e-5);
  EXPECT_NEAR(power(2) / moments.second, 1, 1e-4);
  EXPECT_NEAR(power(3) / moments.third, 1, 1e-3);
}

TEST(Moments, AreThoseOfTheirLaws) {
  expect_moments(Moments::exponential(2), [](double u) { return -2 * std::log1p(-u); });
  expect_moments(Moments::uniform(1, 3), [](double u) { return 1 + 2 * u; });
  expect_moments(Moments::weibull(std::tgamma(1 + 1 / 0.8), 0.8),
                 [](double u) { return std::pow(-std::log1p(-u), 1 / 0.8); });
  expect_moments(Moments::pareto(1.5, 1, 100),
                 [](double u) { return std::pow(1 - u * (1 - std::pow(0.01, 1.5)), -1 / 1.5); });
}

TEST(Moments, OfOneLawAgreeHoweverItIsCalled) {
  for (const Moments& same : {Moments::erlang(2, 1), Moments::gamma(2, 1), Moments::weibull(2, 1),
                              Moments::hyperexponential(2, 1)}) {
    EXPECT_NEAR(same.first, 2, 1e-12);
    EXPECT_NEAR(same.second, 8, 1e-11);
    EXPECT_NEAR(same.third, 48, 1e-10);
  }
  EXPECT_NEAR(Moments::hyperexponential(1, 4).scv(), 4, 1e-12);
  EXPECT_NEAR(Moments::lognormal(1, 1.5).scv(), 2.25, 1e-12);
  const Moments lognormal = Moments::lognormal(1, std::sqrt(std::exp(1.0) - 1));  // sigma = 1
  EXPECT_NEAR(lognormal.third, std::exp(3.0), 1e-11);
}

TEST(PoissonQueue, OfExponentialServiceIsMM1) {
  const PoissonQueue queue(0.8, Moments::exponential(1));
  EXPECT_NEAR(queue.wait(), 4, 1e-12);
  EXPECT_NEAR(queue.wait_deviation(), std::sqrt(1 / 0.04 - 1), 1e-12);  // var = 1/(1-ρ)² - 1
  EXPECT_NEAR(queue.shared_response(), 5, 1e-12);
}

TEST(PoissonQueue, WaitsHalfAsLongForConstantService) {
  EXPECT_NEAR(PoissonQueue(0.8, Moments::constant(1)).wait(), 2, 1e-12);
}

// Marc Brooker, "Open and closed, omission and collapse", 2023, whose service is exponential with a
// mean of 0.1 ms for 99.9 % of the requests and of 10 ms for the others; in milliseconds.
TEST(HyperexponentialQueue, HasTheQuantilesOfTheBimodalExample) {
  const auto queue = [](double rho) {
    return HyperexponentialQueue(rho / 0.1099, {.share = 0.999, .mean = 0.1},
                                 {.share = 0.001, .mean = 10});
  };
  const auto busy = queue(0.8);
  EXPECT_NEAR(busy.response_quantile(0.5), 0.418166, 1e-6);
  EXPECT_NEAR(busy.response_quantile(0.9), 14.161469, 1e-6);
  EXPECT_NEAR(busy.response_quantile(0.99), 45.797509, 1e-6);
  EXPECT_NEAR(busy.response_quantile(0.999), 77.43355, 1e-5);
  const auto calm = queue(0.5);
  EXPECT_NEAR(calm.response_quantile(0.5), 0.144675, 1e-6);
  EXPECT_NEAR(calm.response_quantile(0.9), 0.709217, 1e-6);
  EXPECT_NEAR(calm.response_quantile(0.99), 23.543668, 1e-6);
}

TEST(HyperexponentialQueue, HasTheMeanOfPollaczekAndKhinchine) {
  const HyperexponentialQueue queue(0.5, {.share = 0.9, .mean = 0.5}, {.share = 0.1, .mean = 5.5});
  const Moments::Part parts[] = {{0.9, Moments::exponential(0.5)},
                                 {0.1, Moments::exponential(5.5)}};
  const auto tail = [&](double t) { return queue.wait_beyond(t); };
  EXPECT_NEAR(integral(0, 600, tail, 20'000), PoissonQueue(0.5, Moments::mixed(parts)).wait(),
              1e-6);
  EXPECT_NEAR(queue.wait_beyond(0), 0.5, 1e-12);
}

TEST(ConstantService, HasAWaitWhoseTailHasTheMeanOfPollaczekAndKhinchine) {
  const auto tail = [](double x) { return 1 - 0.2 * constant_service_series(0.8, x); };
  double mean = 0;
  for (int k = 0; k < 60; ++k) mean += integral(k, k + 1 - 1e-12, tail, 100);
  EXPECT_NEAR(mean, 2, 1e-7);
}

TEST(ConstantService, GoesOverSmoothlyIntoItsPoles) {
  for (const double lambda : {0.3, 0.8, 0.95, 1.0, 1.2}) {
    const double before = constant_service_series(lambda, 12 - 1e-9);
    EXPECT_NEAR(constant_service_series(lambda, 12) / before, 1, 3e-8) << lambda;
  }
}

TEST(ConstantService, WaitsUntilTheTailSays) {
  const double p99 = constant_service_wait_quantile(0.8, 0.99);
  EXPECT_NEAR(0.2 * constant_service_series(0.8, p99), 0.99, 1e-9);
  EXPECT_NEAR(constant_service_wait_quantile(0.3, 0.5), 0, 1e-12);
}

TEST(ConstantService, OfOneServerIsMD1) {
  EXPECT_NEAR(constant_service_wait(1, 0.8), 2, 1e-9);
  EXPECT_NEAR(constant_service_wait(1, 0.5), 0.5, 1e-9);
}

// Cosmetatos' approximation is within two percent of the exact value here.
TEST(ConstantService, OfSeveralServersIsNearCosmetatos) {
  for (const int servers : {2, 5, 10}) {
    constexpr double rho = 0.8;
    const double correction =
        1 + (1 - rho) * (servers - 1) * (std::sqrt(4 + 5.0 * servers) - 2) / (16 * rho * servers);
    const double near = Erlang(servers, rho).wait() / 2 * correction;
    EXPECT_NEAR(constant_service_wait(servers, rho) / near, 1, 0.02) << servers;
  }
}

TEST(RoundRobin, HasThePublishedMeans) {
  EXPECT_NEAR(RenewalQueue::round_robin(4, 0.8).response(), 3.267384, 1e-6);
  EXPECT_NEAR(RenewalQueue::round_robin(10, 0.2).response(), 1.018791, 1e-6);
  EXPECT_NEAR(RenewalQueue::round_robin(10, 0.3).response(), 1.071364, 1e-6);
  EXPECT_NEAR(RenewalQueue::round_robin(10, 0.5).response(), 1.324642, 1e-6);
}

TEST(RoundRobin, OfOneServerIsMM1) {
  EXPECT_NEAR(RenewalQueue::round_robin(1, 0.8).response(), 5, 1e-9);
  EXPECT_NEAR(RenewalQueue::round_robin(1, 0.8).response_quantile(0.99), 5 * std::log(100), 1e-8);
}

// Where it is as good as two choices among infinitely many.
TEST(ConstantGaps, CrossTwoChoicesAtThePublishedLoad) {
  EXPECT_NEAR(RenewalQueue::constant_gaps(0.518584).response(), 1.288481, 2e-6);
  EXPECT_NEAR(shortest_of_infinitely_many(2, 0.518584), 1.288481, 2e-6);
}

TEST(ConstantGaps, AreTheLimitOfRoundRobin) {
  EXPECT_NEAR(RenewalQueue::round_robin(100'000, 0.8).response(),
              RenewalQueue::constant_gaps(0.8).response(), 1e-4);
}

TEST(WeibullGaps, OfShapeOneArePoisson) {
  EXPECT_NEAR(RenewalQueue::weibull_gaps(0.8, 1).response(), 5, 1e-9);
}

// The transform at the root, integrated over the density's own variable instead.
TEST(WeibullGaps, SolveTheirEquation) {
  const double sigma = 1 - 1 / RenewalQueue::weibull_gaps(0.5, 2).response();
  const double scale = 2 / std::tgamma(1.5);
  const auto density = [&](double x) {
    return 2 * x / (scale * scale) * std::exp(-x * x / (scale * scale) - (1 - sigma) * x);
  };
  EXPECT_NEAR(integral(0, 30, density, 4000), sigma, 1e-9);
}

TEST(ShortestOf, HasThePublishedMeansOfFourServers) {
  EXPECT_NEAR(shortest_of({.servers = 4, .looked_at = 4, .rho = 0.8}), 1.953134, 1e-6);
  EXPECT_NEAR(shortest_of({.servers = 4, .looked_at = 2, .rho = 0.8}), 2.330158, 5e-6);
}

TEST(ShortestOf, OneIsRandomSplit) {
  EXPECT_NEAR(shortest_of({.servers = 2, .looked_at = 1, .rho = 0.5, .longest = 40}), 2, 1e-8);
}

TEST(ShortestOf, InfinitelyManyIsTheFluidLimit) {
  EXPECT_NEAR(shortest_of_infinitely_many(2, 0.9), 2.614057, 1e-6);
  EXPECT_NEAR(shortest_of_infinitely_many(1000, 0.5), 1, 1e-12);
}

TEST(ClosedNetwork, OfOneStationIsTheMachineRepairman) {
  const ClosedResult network = random_routing(1, 12, 10);
  const BirthDeath line = closed_line(1, 12, 10);
  EXPECT_NEAR(network.throughput, (12 - line.mean()) / 10, 1e-12);
  EXPECT_NEAR(network.in_flight[0], line.mean(), 1e-12);
}

// Two stations and two clients who do not think: the five states of the product form by hand.
TEST(ClosedNetwork, HasTheProductForm) {
  const ClosedResult result =
      solve({.clients = 2, .stations = {{.visits = 0.25, .service = 2}, {.visits = 0.75}}});
  constexpr double a = 0.5, b = 0.75;
  EXPECT_NEAR(result.throughput, (a + b) / (a * a + a * b + b * b), 1e-12);
}

TEST(ModulatedQueue, OfEqualPhasesIsMM1) {
  EXPECT_NEAR(ModulatedQueue({.arrivals = 0.8}, {.arrivals = 0.8, .leave = 3}).mean(), 4, 1e-9);
}

// White and Christie 1958; Avi-Itzhak and Naor 1963, for a worker that breaks down and resumes.
TEST(ModulatedQueue, HasTheClosedFormOfAFailingWorker) {
  for (const auto& [arrivals, fail, repair] :
       {std::array{0.5, 0.1, 1.0}, {0.6, 0.01, 0.1}, {0.8, 0.02, 0.4}}) {
    const double both = fail + repair;
    const double mean = arrivals * (both * both + fail) / (both * (repair - arrivals * both));
    EXPECT_NEAR(failing_worker(arrivals, fail, repair).mean() / mean, 1, 1e-9);
  }
}

TEST(ModulatedQueue, HasThePublishedMeansOfSlowPhases) {
  const auto slow = [](double arrivals, double service) {
    return ModulatedQueue({.arrivals = arrivals, .service = 1, .leave = 0.01},
                          {.arrivals = arrivals, .service = service, .leave = 0.1});
  };
  EXPECT_NEAR(slow(0.5, 0.5).mean(), 1.217671, 1e-6);
  EXPECT_NEAR(slow(0.5, 0.5).response(), 2.435341, 1e-6);
  EXPECT_NEAR(slow(0.8, 0.25).mean(), 8.686716, 1e-6);
}

TEST(ModulatedQueue, OfFastPhasesIsThePoissonQueueOfTheMeanRate) {
  const ModulatedQueue queue({.arrivals = 1.2, .leave = 1e5}, {.arrivals = 0.2, .leave = 1e5});
  EXPECT_NEAR(queue.mean(), 0.7 / 0.3, 1e-3);
}

TEST(Retried, SumsTheChances) {
  const Retried call{.failure = 0.1, .retries = 2};
  EXPECT_NEAR(call.success(), 0.999, 1e-12);
  EXPECT_NEAR(call.attempts(), 1.11, 1e-12);
  EXPECT_NEAR((Retried{.failure = 0.5, .retries = 0}).attempts(), 1, 1e-12);
}

TEST(TokenBucket, OfOneTokenLosesAsASingleServerDoes) {
  EXPECT_NEAR((TokenBucket{.lambda = 0.8, .burst = 1}).dropped(), 0.8 / 1.8, 1e-12);
  EXPECT_NEAR((TokenBucket{.lambda = 2, .burst = 1}).dropped(), 2 / 3.0, 1e-12);
}

TEST(TokenBucket, OfManyTokensLosesWhatIsTooMuch) {
  EXPECT_NEAR((TokenBucket{.lambda = 1.25, .burst = 200}).dropped(), 0.2, 1e-9);
  EXPECT_NEAR((TokenBucket{.lambda = 0.8, .burst = 200}).dropped(), 0, 1e-12);
  EXPECT_NEAR((TokenBucket{.lambda = 1, .burst = 100}).dropped(), 1 / (199 + 2.0 / 3), 1e-5);
}

TEST(TokenBucket, OfOneTokenDelaysAsMD1) {
  const TokenBucket bucket{.lambda = 0.8, .burst = 1};
  EXPECT_NEAR(bucket.delayed(), 0.8, 1e-12);
  EXPECT_NEAR(bucket.delay(), 2, 1e-7);
  EXPECT_LT((TokenBucket{.lambda = 0.8, .burst = 5}).delay(), 2);
}

TEST(Hedged, IsWorthHalfATailAtItsBest) {
  EXPECT_NEAR(Hedged{}.response(), 0.5, 1e-12);
  EXPECT_NEAR(Hedged{}.extra(), 1, 1e-12);
  const Hedged late{.after = 1};
  EXPECT_NEAR(late.response(), 1 - std::exp(-1) / 2, 1e-12);
  EXPECT_NEAR(late.quantile(0.99), 1 + (std::log(100) - 1) / 2, 1e-12);
  EXPECT_NEAR(late.quantile(0.5), std::log(2), 1e-12);
}

}  // namespace
}  // namespace weir::sim::theory
