// What weir check says before anything runs: the offered load, and figures where theory has them.

#include "weir/sim/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/experiment.h"

namespace weir::sim {
namespace {

Predictions of(const std::string& toml, const std::string& horizon = "time = '100s'") {
  return predictions(
      make_experiment("weir = 1\nhorizon = { " + horizon + ", warmup = 'none' }\n" + toml)
          .scenario);
}

// One load of 8/s with 100 ms of work, at the workers and the balancer that the rest says.
Predictions at(const std::string& rest, const std::string& service = "exp(100ms)") {
  return of("load = [{ name = 'web', arrival = 'poisson(8/s)', service = '" + service + "' }]\n" +
            rest);
}

double value(const Predictions& predictions, const std::string& metric) {
  for (const Prediction& figure : predictions.figures) {
    if (figure.metric.text() == metric) return figure.value;
  }
  return NAN;
}

TEST(Predictions, KnowMM1) {
  const Predictions one = at("workers = [{ name = 'w' }]\n");

  EXPECT_NEAR(value(one, "web.response.mean"), 0.5, 1e-9);
  EXPECT_NEAR(value(one, "web.wait.mean"), 0.4, 1e-9);
  EXPECT_NEAR(value(one, "web.response.p99"), 0.5 * std::log(100), 1e-6);
  EXPECT_EQ(one.text(),
            "offered load 0.8\n"
            "theory: web.wait.mean = 400ms, M/M/c (Erlang): Poisson arrivals, exponential service, "
            "one line\n"
            "theory: web.response.mean = 500ms, M/M/c (Erlang): Poisson arrivals, exponential "
            "service, one line\n"
            "theory: web.response.p99 = 2.303s, M/M/c (Erlang): Poisson arrivals, exponential "
            "service, one line\n");
}

TEST(Predictions, KnowOneLineOfManyWorkers) {
  const std::string four = "workers = [{ name = 'w', count = 4, speed = 0.25 }]\n";
  const Predictions line = at("balancer = { policy = 'central_queue' }\n" + four);

  EXPECT_NEAR(value(line, "web.response.mean"), 0.4 * 1.745541, 1e-6);
  EXPECT_NEAR(value(at("balancer = { policy = 'central_queue', queue = { limit = 0 } }\n" + four,
                       "uniform(0s, 200ms)"),
                    "web.success"),
              1 - 0.2, 0.1);
}

TEST(Predictions, KnowGeneralServiceOfOneWorker) {
  EXPECT_NEAR(value(at("workers = [{ name = 'w' }]\n", "const(100ms)"), "web.wait.mean"), 0.2,
              1e-9);
  const Predictions two =
      of("load = [{ name = 'a', arrival = 'poisson(4/s)', service = 'const(100ms)' },\n"
         "{ name = 'b', arrival = 'poisson(4/s)', service = 'const(100ms)' }]\n"
         "workers = [{ name = 'w' }]\n");
  EXPECT_NEAR(value(two, "a.wait.mean"), 0.2, 1e-9);
}

TEST(Predictions, KnowTheWaysOfChoosing) {
  const std::string four = "workers = [{ name = 'w', count = 4, speed = 0.25 }]\n";

  EXPECT_NEAR(value(at("balancer = { policy = 'random' }\n" + four), "web.response.mean"), 2, 1e-9);
  EXPECT_NEAR(value(at("balancer = { policy = 'round_robin' }\n" + four), "web.response.mean"),
              0.4 * 3.267384, 1e-5);
}

TEST(Predictions, KnowClientsThatWait) {
  const std::string clients =
      "load = [{ name = 'web', model = 'closed', clients = 100, think = 'uniform(0s, 20s)', "
      "service = 'uniform(0s, 10s)' }]\nworkers = [{ name = 'w', count = 10 }]\n";
  const Predictions pike = of("balancer = { policy = 'least_loaded' }\n" + clients);

  EXPECT_TRUE(pike.offered.empty());
  EXPECT_NEAR(value(pike, "web.throughput_per_s"), 2, 1e-9);
  EXPECT_NEAR(value(pike, "web.response.mean"), 40, 1e-9);
  EXPECT_EQ(pike.figures[1].relation, Prediction::Relation::at_least);
}

TEST(Predictions, SayWhyNothingIsKnown) {
  EXPECT_EQ(at("workers = [{ name = 'w' }]\n", "exp(125ms)").none,
            "more work comes than the workers can do");
  EXPECT_EQ(at("workers = [{ name = 'w', failure = '1%' }]\n").none,
            "the scenario has attempts that fail");
  EXPECT_EQ(at("workers = [{ name = 'a' }, { name = 'b', speed = 2 }]\n").none,
            "the scenario has workers that are not all alike");
  EXPECT_EQ(
      at("balancer = { policy = 'least_loaded' }\nworkers = [{ name = 'w', count = 3 }]\n").none,
      "no formula for this policy, service and queue");
  EXPECT_EQ(of("load = [{ name = 'web', arrival = 'const(1/s)', service = 'exp(1ms)' }]\n"
               "workers = [{ name = 'w' }]\n")
                .text(),
            "offered load 0.001\ntheory: none known, not all arrivals are Poisson\n");
}

TEST(OfferedLoad, GoesByThePhasesOfTheArrivals) {
  const Predictions spike = of(
      "load = [{ name = 'web', arrival = 'spike(base=4/s, peak=16/s, at=20.03s, for=5s)', service "
      "= 'const(100ms)' }]\nworkers = [{ name = 'w' }]\n");

  EXPECT_EQ(spike.text(),
            "offered load 0.4 from 0s to 20.03s\n"
            "offered load 1.6 from 20.03s to 25.03s: more than the workers can do\n"
            "offered load 0.4 from 25.03s to 100s\n"
            "theory: none known, not all arrivals are Poisson\n");
}

TEST(OfferedLoad, OfARampGoesFromTheLeastToTheGreatest) {
  const Predictions ramp =
      of("load = [{ name = 'web', arrival = 'ramp(0/s, 8/s, 100s)', service = 'const(100ms)' }]\n"
         "workers = [{ name = 'w' }]\n");

  ASSERT_EQ(ramp.offered.size(), 1U);
  EXPECT_NEAR(ramp.offered[0].low, 0, 0.001);
  EXPECT_NEAR(ramp.offered[0].high, 0.8, 0.001);
}

}  // namespace
}  // namespace weir::sim
