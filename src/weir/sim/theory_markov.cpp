#include "weir/sim/theory_markov.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "weir/base/elementary.h"
#include "weir/sim/theory_numerics.h"

namespace weir::sim::theory {

Erlang::Erlang(int servers, double rho) : servers_(servers), rho_(rho) {
  const double offered = servers_ * rho_;
  for (int k = 1; k <= servers; ++k) blocked_ = offered * blocked_ / (k + offered * blocked_);
  waits_ = blocked_ / (1 - rho_ * (1 - blocked_));
}

double Erlang::wait() const {
  return waits_ / (servers_ * (1 - rho_));
}

double Erlang::wait_quantile(double p) const {
  return std::max(0.0, elementary::log(waits_ / (1 - p)) / (servers_ * (1 - rho_)));
}

double Erlang::response_beyond(double t) const {
  const double theta = servers_ * (1 - rho_);
  const double longer =
      std::abs(theta - 1) < 1e-9 ? t : (1 - elementary::exp(-(theta - 1) * t)) / (theta - 1);
  return elementary::exp(-t) * (1 + waits_ * longer);
}

double Erlang::response_quantile(double p) const {
  return falling_root(0, 1e4, [&](double t) { return response_beyond(t) - (1 - p); });
}

double requests_for(double rho, double relative_error) {
  const double wait = rho / (1 - rho);
  const double idle = 1 - rho;
  const double variance =
      rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / (idle * idle * idle * idle);
  return variance / (wait * wait * relative_error * relative_error);
}

BirthDeath::BirthDeath(const std::vector<double>& births, const std::vector<double>& deaths)
    : probabilities_(births.size() + 1, 1) {
  for (std::size_t k = 0; k < births.size(); ++k) {
    probabilities_[k + 1] = probabilities_[k] * births[k] / deaths[k];
  }
  const double sum = std::accumulate(probabilities_.begin(), probabilities_.end(), 0.0);
  for (double& probability : probabilities_) probability /= sum;
}

double BirthDeath::mean() const {
  double mean = 0;
  for (std::size_t k = 0; k < probabilities_.size(); ++k) {
    mean += static_cast<double>(k) * probabilities_[k];
  }
  return mean;
}

BirthDeath bounded_line(int servers, int room, double lambda) {
  std::vector<double> births;
  std::vector<double> deaths;
  for (int k = 0; k < room; ++k) {
    births.push_back(lambda);
    deaths.push_back(std::min(k + 1, servers));
  }
  return BirthDeath(births, deaths);
}

BirthDeath closed_line(int servers, int clients, double think) {
  std::vector<double> births;
  std::vector<double> deaths;
  for (int k = 0; k < clients; ++k) {
    births.push_back((clients - k) / think);
    deaths.push_back(std::min(k + 1, servers));
  }
  return BirthDeath(births, deaths);
}

double impatient_share(int servers, double lambda, double patience) {
  double below = 0;
  double state = 1;  // probability of k servers busy, up to a factor
  for (int k = 0; k + 1 < servers; ++k) {
    below += state;
    state *= lambda / (k + 1);
  }
  below += state;
  const double drift = servers - lambda;
  const double decayed = elementary::exp(-drift * patience);
  const double up_to = std::abs(drift) < 1e-9 ? patience : (1 - decayed) / drift;
  const double beyond = lambda * state * decayed / servers;
  return beyond / (below + lambda * state * up_to + beyond);
}

namespace {

// One jump of M/M/1 at rate 1 + rho; from empty, a service is a jump to where one is.
std::vector<double> jumped(const std::vector<double>& now, double rho) {
  const double up = rho / (1 + rho);
  std::vector<double> next(now.size(), 0);
  for (std::size_t k = 0; k < now.size(); ++k) {
    next[std::min(k + 1, now.size() - 1)] += now[k] * up;
    next[k == 0 ? 0 : k - 1] += now[k] * (1 - up);
  }
  return next;
}

}  // namespace

double mean_after_empty(double rho, double t) {
  const double jumps = (1 + rho) * t;
  const auto longest = static_cast<std::size_t>(jumps + 12 * std::sqrt(jumps) + 20);
  std::vector<double> state(longest, 0);
  state[0] = 1;
  double mean = 0;
  double log_weight = -jumps;  // of n jumps; the weight itself would vanish for a long time
  for (std::size_t n = 0; n < longest; ++n) {
    double number = 0;
    for (std::size_t k = 0; k < state.size(); ++k) number += static_cast<double>(k) * state[k];
    mean += elementary::exp(log_weight) * number;
    log_weight += elementary::log(jumps / static_cast<double>(n + 1));
    state = jumped(state, rho);
  }
  return mean;
}

double mean_with_batches(const BatchArrivals& arrivals) {
  const double rho = arrivals.batches * arrivals.mean;
  return rho * (1 + arrivals.second_moment / arrivals.mean) / (2 * (1 - rho));
}

}  // namespace weir::sim::theory
