#include "weir/sim/theory_choice.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <vector>

#include "weir/base/elementary.h"

namespace weir::sim::theory {
namespace {

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
  explicit ShortestChain(const ShortestOf& system)
      : system_(system), lambda_(system.servers * system.rho) {
    Lengths first;
    enumerate(first);
    flows_.resize(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) add_flows(i);
  }

  // Mean number in the system, by uniformised power iteration.
  double mean() const {
    std::vector<double> now(states_.size(), 1.0 / static_cast<double>(states_.size()));
    std::vector<double> next(now.size());
    for (double change = 1; change > 1e-11;) {
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
    if (static_cast<int>(lengths.size()) == system_.servers) {
      index_.emplace(lengths, states_.size());
      states_.push_back(lengths);
      return;
    }
    for (int k = lengths.empty() ? 0 : lengths.back(); k <= system_.longest; ++k) {
      lengths.push_back(k);
      enumerate(lengths);
      lengths.pop_back();
    }
  }

  void add_flows(std::size_t from) {
    const double uniform = lambda_ + system_.servers;
    double stays = uniform;
    const auto flow = [&](std::size_t server, int step, double rate) {
      Lengths to = states_[from];
      to[server] += step;
      if (to[server] < 0 || to[server] > system_.longest) return;
      std::ranges::sort(to);
      flows_[from].push_back({.to = index_.at(to), .share = rate / uniform});
      stays -= rate;
    };
    for (int server = 0; server < system_.servers; ++server) {
      const auto place = static_cast<std::size_t>(server);
      // The shortest of d distinct ones: this one and d - 1 of those behind it in the order.
      flow(place, 1,
           lambda_ * binomial(system_.servers - 1 - server, system_.looked_at - 1) /
               binomial(system_.servers, system_.looked_at));
      flow(place, -1, 1);
    }
    flows_[from].push_back({.to = from, .share = stays / uniform});
  }

  const ShortestOf system_;
  const double lambda_;
  std::vector<Lengths> states_;
  std::map<Lengths, std::size_t> index_;
  std::vector<std::vector<Flow>> flows_;
};

}  // namespace

double shortest_of(const ShortestOf& system) {
  return ShortestChain(system).mean() / (system.servers * system.rho);
}

double shortest_of_infinitely_many(int looked_at, double rho) {
  double sum = 0;
  double power = 1;     // looked_at^i
  double exponent = 0;  // (d^i - d) / (d - 1)
  for (double term = 1; term > 1e-18;) {
    sum += term;
    power *= looked_at;
    exponent += power;
    term = elementary::exp(exponent * elementary::log(rho));
  }
  return sum;
}

}  // namespace weir::sim::theory
