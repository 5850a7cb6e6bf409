// What the tests of policies share: a picker on a stand, whose time stands still unless moved.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "weir/balance.h"

namespace weir::balance {

class Stand {
 public:
  explicit Stand(const PolicySpec& policy, std::uint64_t seed = 1, FilterOptions options = {})
      : picker_(policy, Random({.seed = seed}, "policy"), options) {}

  WorkerId add(WorkerOptions options = {}) { return picker_.add(std::move(options), now); }
  void add_many(std::size_t count, const WorkerOptions& options = {}) {
    for (std::size_t i = 0; i < count; ++i) add(options);
  }
  void add_weights(std::initializer_list<double> weights) {
    for (const double weight : weights) add({.weight = weight});
  }
  void set_health(WorkerIndex worker, Health health) {
    picker_.set_health(id(worker), health, now);
  }
  void remove(WorkerIndex worker) { picker_.remove(id(worker), now); }

  Decision pick(std::span<const WorkerId> tried = {}) {
    return picker_.pick({.tried = tried}, now);
  }
  void send(WorkerIndex worker) { picker_.note(Event::sent(id(worker)), now); }
  void finish(WorkerIndex worker) {
    picker_.note(Event::finished(id(worker), Outcome::success, 0ns, 1ms), now);
  }
  void cancel(WorkerIndex worker) { picker_.note(Event::cancelled(id(worker)), now); }

  // Picks one worker and sends to it.
  WorkerIndex dispatch() {
    const WorkerIndex worker = pick().worker();
    send(worker);
    return worker;
  }

  const View& view() const { return picker_.view(); }
  Picker& picker() { return picker_; }
  WorkerId id(WorkerIndex worker) const { return picker_.view()[worker].id; }

  TimePoint now{};

 private:
  Picker picker_;
};

// The names of the workers of `count` picks: a is the first. Nothing is sent.
inline std::string sequence(Stand& stand, int count) {
  std::string names;
  for (int i = 0; i < count; ++i) names += static_cast<char>('a' + stand.pick().worker());
  return names;
}

// How often each of `workers` was picked in `count` picks. Nothing is sent.
inline std::vector<double> frequencies(Stand& stand, std::size_t workers, int count) {
  std::vector<double> counts(workers);
  for (int i = 0; i < count; ++i) counts[stand.pick().worker()] += 1;
  return counts;
}

// Whether counts fit shares, by Pearson's test at 99.9 % (quantile by Wilson and Hilferty).
// A share of zero must have no count.
inline bool fits(std::span<const double> counts, std::span<const double> shares) {
  const double count = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double share = std::accumulate(shares.begin(), shares.end(), 0.0);
  double distance = 0;
  double freedom = -1;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = count * shares[i] / share;
    if (expected == 0 && counts[i] != 0) return false;
    if (expected == 0) continue;
    distance += (counts[i] - expected) * (counts[i] - expected) / expected;
    freedom += 1;
  }
  const double spread = 2 / (9 * freedom);
  const double root = 1 - spread + 3.0902 * std::sqrt(spread);
  return freedom == 0 || distance <= freedom * root * root * root;
}

inline bool is_uniform(std::span<const double> counts) {
  return fits(counts, std::vector<double>(counts.size(), 1.0));
}

}  // namespace weir::balance
