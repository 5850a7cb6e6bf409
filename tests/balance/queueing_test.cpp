// Policies against queueing theory, in a plain loop: a Markov chain instead of a clock.
//
// With exponential times only the rates matter, so the loop jumps from event to event, and each
// state counts for its mean holding time. No sampler is needed, and means settle sooner.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

// The time averages of a run.
struct Averages {
  double time = 0;
  double in_system = 0;
  double spread = 0;  // variance of the number in flight over the workers
  double departures = 0;

  double mean_in_system() const { return in_system / time; }
  double throughput() const { return departures / time; }
};

// Workers that serve one request at once at rate 1, the balancer's own line, and requesters.
class Chain {
 public:
  Chain(const PolicySpec& policy, std::size_t workers, std::uint64_t seed)
      : stand_(policy, seed), random_({.seed = seed}, "chain"), workers_(workers) {
    stand_.add_many(workers);
  }

  // Jumps `jumps` times; `arrival_rate(in system)` may depend on how many are out thinking.
  template <class Rate>
  Averages run(int jumps, Rate arrival_rate) {
    Averages averages;
    for (int jump = 0; jump < jumps; ++jump) {
      const double arrivals = arrival_rate(in_system_);
      const auto services = static_cast<double>(busy_.members().size());
      const double held = 1 / (arrivals + services);
      averages.time += held;
      averages.in_system += held * static_cast<double>(in_system_);
      averages.spread += held * spread();
      if (random_.uniform() < arrivals * held) {
        arrive();
      } else {
        leave();
        averages.departures += 1;
      }
    }
    return averages;
  }

 private:
  void arrive() {
    ++in_system_;
    ++line_;
    dispatch();
  }

  void leave() {
    const WorkerIndex worker = busy_.members()[random_.below(busy_.members().size())];
    --in_system_;
    change(worker, -1);
    stand_.finish(worker);
    if (line_ > 0) dispatch();
  }

  void dispatch() {
    const Decision decision = stand_.pick();
    if (decision.kind() == Decision::Kind::hold) return;
    --line_;
    change(decision.worker(), +1);
    stand_.send(decision.worker());
  }

  void change(WorkerIndex worker, int by) {
    const auto before = static_cast<double>(stand_.view()[worker].in_flight);
    squares_ += 2 * before * by + 1;
    if (by > 0) busy_.insert(worker);
    if (by < 0 && before == 1) busy_.erase(worker);
  }

  double spread() const {
    const auto n = static_cast<double>(workers_);
    const double mean = static_cast<double>(in_system_ - line_) / n;
    return squares_ / n - mean * mean;
  }

  Stand stand_;
  Random random_;
  std::size_t workers_;
  IndexSet busy_;
  std::size_t in_system_ = 0;
  std::size_t line_ = 0;
  double squares_ = 0;
};

// Mean response in service times under Poisson arrivals of `load` for each worker.
double response(const PolicySpec& policy, std::size_t workers, double load, int jumps = 3'000'000) {
  const double rate = load * static_cast<double>(workers);
  Chain chain(policy, workers, 71);
  chain.run(jumps / 10, [rate](std::size_t) { return rate; });  // warm up
  return chain.run(jumps, [rate](std::size_t) { return rate; }).mean_in_system() / rate;
}

// Erlang's C and from it the response of M/M/c.
double mmc_response(int workers, double load) {
  const double offered = workers * load;
  double blocked = 1;  // Erlang B by its recursion
  for (int c = 1; c <= workers; ++c) blocked = offered * blocked / (c + offered * blocked);
  const double waits = blocked / (1 - load * (1 - blocked));
  return 1 + waits / (workers * (1 - load));
}

// Each worker of a round robin over n is E_n/M/1: sigma solves s = (n load / (n load + 1 - s))^n.
double round_robin_response(int workers, double load) {
  double sigma = load;
  for (int i = 0; i < 10'000; ++i) {
    const double base = workers * load / (workers * load + 1 - sigma);
    double power = 1;
    for (int k = 0; k < workers; ++k) power *= base;
    sigma = power;
  }
  return 1 / (1 - sigma);
}

// Joining the shorter of two queues, by solving the balance of the chain of both lengths.
double shorter_of_two_response(double load) {
  constexpr int size = 40;
  std::vector<double> at(size * size, 1.0 / (size * size));
  const auto index = [](int a, int b) { return static_cast<std::size_t>(a * size + b); };
  const double step = 1 / (2 * load + 2);
  for (int round = 0; round < 4000; ++round) {
    std::vector<double> next(at.size());
    for (int a = 0; a < size; ++a) {
      for (int b = 0; b < size; ++b) {
        const double flow = at[index(a, b)] * step;
        const double first = a < b ? 2 * load : a > b ? 0 : load;
        next[index(std::min(a + 1, size - 1), b)] += flow * first;
        next[index(a, std::min(b + 1, size - 1))] += flow * (2 * load - first);
        next[index(std::max(a - 1, 0), b)] += flow;
        next[index(a, std::max(b - 1, 0))] += flow;
      }
    }
    at.swap(next);
  }
  double in_system = 0;
  for (int a = 0; a < size; ++a) {
    for (int b = 0; b < size; ++b) in_system += (a + b) * at[index(a, b)];
  }
  return in_system / (2 * load);
}

TEST(Queueing, RandomIsMM1) {
  EXPECT_NEAR(response(random(), 5, 0.7), 1 / (1 - 0.7), 0.03);
}

TEST(Queueing, RoundRobinIsErlangArrivals) {
  EXPECT_NEAR(response(round_robin(), 4, 0.8), round_robin_response(4, 0.8), 0.04);
}

TEST(Queueing, CentralQueueIsMMc) {
  EXPECT_NEAR(response(central_queue(), 2, 0.8), mmc_response(2, 0.8), 0.03);
  EXPECT_NEAR(response(central_queue(), 10, 0.9), mmc_response(10, 0.9), 0.03);
}

TEST(Queueing, PrefetchCostsLittleAndLeastLoadedIsItsLimit) {
  const double late = response(central_queue(), 10, 0.8);
  const double one_ahead = response(central_queue(1), 10, 0.8);
  const double early = response(least_loaded(), 10, 0.8);
  EXPECT_LT(late, one_ahead);
  EXPECT_LT(one_ahead, early);
}

TEST(Queueing, TwoChoicesOfTwoAndLeastLoadedOfTwoJoinTheShorterQueue) {
  const double exact = shorter_of_two_response(0.8);
  EXPECT_NEAR(response(p2c(), 2, 0.8), exact, 0.03);
  EXPECT_NEAR(response(least_loaded(), 2, 0.8), exact, 0.03);
}

// M. Mitzenmacher, "The power of two choices in randomized load balancing", 2001: simulations of
// 100 servers (the limit of infinitely many is 1.9475 and 2.6141).
TEST(Queueing, TwoChoicesOfAHundredAgreeWithTheLiterature) {
  EXPECT_NEAR(response(p2c(), 100, 0.8), 1.9584, 0.01);
  EXPECT_NEAR(response(p2c(), 100, 0.9), 2.6471, 0.025);
}

// Requesters that think for `think` service times: M/M/c//N, known in closed form.
TEST(Queueing, AClosedLoopOverACentralQueueIsTheMachineRepairman) {
  Chain chain(central_queue(), 10, 72);
  const auto thinking = [](std::size_t in_system) {
    return static_cast<double>(100 - in_system) / 12;
  };
  chain.run(300'000, thinking);
  const Averages averages = chain.run(3'000'000, thinking);
  EXPECT_NEAR(averages.mean_in_system(), 8.404, 0.05);
  EXPECT_NEAR(averages.throughput() / 5, 1.5266, 0.005);
}

// Pike's demonstration is saturated: 100 requesters, 10 workers, thinking for two service times.
TEST(Queueing, PikesHeapKeepsTheLoadEvenWhereRoundRobinLetsItDrift) {
  const auto thinking = [](std::size_t in_system) {
    return static_cast<double>(100 - in_system) / 2;
  };
  Chain least(least_loaded(), 10, 73);
  Chain turns(round_robin(), 10, 73);
  const Averages even = least.run(1'000'000, thinking);
  const Averages drift = turns.run(1'000'000, thinking);
  EXPECT_NEAR(even.mean_in_system(), 80, 0.5);
  EXPECT_LT(even.spread / even.time, 1);
  EXPECT_GT(drift.spread / drift.time, 10);
}

}  // namespace
}  // namespace weir::balance
