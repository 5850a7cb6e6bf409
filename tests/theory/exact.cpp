#include "tests/theory/exact.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

namespace weir::theory {
namespace {

// Where a decreasing function passes zero.
double root(double low, double high, const std::function<double(double)>& f) {
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (f(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

double binomial(int n, int k) {
  if (k < 0 || k > n) return 0;
  double product = 1;
  for (int i = 1; i <= k; ++i) product *= static_cast<double>(n - k + i) / i;
  return product;
}

using Lengths = std::vector<int>;  // ascending

// The chain of sorted queue lengths, as the flows out of each state.
class ShortestChain {
 public:
  ShortestChain(int servers, int looked_at, double rho, int longest)
      : servers_(servers), looked_at_(looked_at), lambda_(servers * rho), longest_(longest) {
    Lengths first;
    enumerate(first);
    flows_.resize(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) add_flows(i);
  }

  // Mean number in the system, by uniformised power iteration.
  double mean() const {
    std::vector<double> now(states_.size(), 1.0 / static_cast<double>(states_.size()));
    std::vector<double> next(now.size());
    for (double change = 1; change > 1e-12;) {
      std::ranges::fill(next, 0);
      for (std::size_t i = 0; i < now.size(); ++i) {
        for (const Flow& flow : flows_[i]) next[flow.to] += now[i] * flow.share;
      }
      change = 0;
      for (std::size_t i = 0; i < now.size(); ++i) change += std::abs(next[i] - now[i]);
      now.swap(next);
    }
    double mean = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      mean += now[i] * std::accumulate(states_[i].begin(), states_[i].end(), 0);
    }
    return mean;
  }

 private:
  struct Flow {
    std::size_t to;
    double share;
  };

  void enumerate(Lengths& lengths) {
    if (static_cast<int>(lengths.size()) == servers_) {
      index_.emplace(lengths, states_.size());
      states_.push_back(lengths);
      return;
    }
    for (int k = lengths.empty() ? 0 : lengths.back(); k <= longest_; ++k) {
      lengths.push_back(k);
      enumerate(lengths);
      lengths.pop_back();
    }
  }

  void add_flows(std::size_t from) {
    const double uniform = lambda_ + servers_;
    double stays = uniform;
    const auto flow = [&](std::size_t server, int step, double rate) {
      Lengths to = states_[from];
      to[server] += step;
      if (to[server] < 0 || to[server] > longest_) return;
      std::ranges::sort(to);
      flows_[from].push_back({.to = index_.at(to), .share = rate / uniform});
      stays -= rate;
    };
    for (int server = 0; server < servers_; ++server) {
      const auto place = static_cast<std::size_t>(server);
      // The shortest of d distinct ones: this one and d - 1 of those behind it in the order.
      flow(place, 1,
           lambda_ * binomial(servers_ - 1 - server, looked_at_ - 1) /
               binomial(servers_, looked_at_));
      flow(place, -1, 1);
    }
    flows_[from].push_back({.to = from, .share = stays / uniform});
  }

  const int servers_;
  const int looked_at_;
  const double lambda_;
  const int longest_;
  std::vector<Lengths> states_;
  std::map<Lengths, std::size_t> index_;
  std::vector<std::vector<Flow>> flows_;
};

}  // namespace

Erlang::Erlang(int servers, double rho) : servers_(servers), rho_(rho) {
  const double offered = servers_ * rho_;
  for (int k = 1; k <= servers; ++k) blocked_ = offered * blocked_ / (k + offered * blocked_);
  waits_ = blocked_ / (1 - rho_ * (1 - blocked_));
}

double Erlang::response() const {
  return 1 + waits_ / (servers_ * (1 - rho_));
}

double Erlang::response_beyond(double t) const {
  const double theta = servers_ * (1 - rho_);
  const double longer =
      std::abs(theta - 1) < 1e-9 ? t : (1 - std::exp(-(theta - 1) * t)) / (theta - 1);
  return std::exp(-t) * (1 + waits_ * longer);
}

double Erlang::response_quantile(double p) const {
  return root(0, 1e4, [&](double t) { return response_beyond(t) - (1 - p); });
}

RoundRobin::RoundRobin(int servers, double rho) {
  const double rate = servers * rho;
  // The root below one of sigma = A*(1 - sigma), by iteration from zero, where it increases.
  for (int i = 0; i < 100'000; ++i) sigma_ = std::pow(rate / (rate + 1 - sigma_), servers);
}

double RoundRobin::response_quantile(double p) const {
  return -std::log(1 - p) * response();
}

double one_server_response(double rho, double scv) {
  return 1 + rho / (1 - rho) * (1 + scv) / 2;
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
  const double decayed = std::exp(-drift * patience);
  const double up_to = std::abs(drift) < 1e-9 ? patience : (1 - decayed) / drift;
  const double beyond = lambda * state * decayed / servers;
  return beyond / (below + lambda * state * up_to + beyond);
}

double shortest_of(int servers, int looked_at, double rho, int longest) {
  return ShortestChain(servers, looked_at, rho, longest).mean() / (servers * rho);
}

}  // namespace weir::theory
