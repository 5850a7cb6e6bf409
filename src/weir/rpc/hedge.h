// When to send a second attempt beside one that takes long: after a fixed time, or where a quantile
// of what was seen lately lies.
//
// A hedge cuts the tail that one slow worker makes and costs the share of requests that reach it
// (Dean and Barroso, "The Tail at Scale", CACM 2013: hedging at the 95th percentile adds 5 % of
// load). It is paid from the retry budget, which the balancer's task owns; the first answer counts
// and the other attempts are cancelled.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "weir/base/histogram.h"
#include "weir/base/time.h"
#include "weir/runtime/task.h"
#include "weir/sync/channel.h"

namespace weir::rpc {

// A quantile of the last responses, from histograms of two generations: what is older than two
// thousand responses is forgotten. Looked up anew every fifty.
class RecentQuantile {
 public:
  explicit RecentQuantile(double p) : p_(p) {}

  void add(Duration response);

  // Nothing while there are too few to tell (Histogram::supports).
  std::optional<Duration> value() const { return value_; }

 private:
  static constexpr std::uint64_t generation = 1000;
  static constexpr std::uint64_t stride = 50;

  const double p_;
  Histogram older_;
  Histogram newer_;
  std::optional<Duration> value_;
};

// One that several tasks share: it lies in a channel with room for one value, and whoever has
// received it owns it. A counted handle; nil until made.
class SharedQuantile {
 public:
  // The p-quantile, such as 0.95.
  static SharedQuantile make(double p);

  explicit operator bool() const { return static_cast<bool>(held_); }

  Task<> add(Duration response) const;
  Task<std::optional<Duration>> value() const;

 private:
  Channel<std::unique_ptr<RecentQuantile>> held_;
};

struct HedgeOptions {
  std::optional<Duration> after = std::nullopt;  // empty: when `seen` says
  SharedQuantile seen = {};  // of calls that compare; made by the user, if `after` is empty
  std::uint32_t max = 1;     // attempts besides the first of each try
};

}  // namespace weir::rpc
