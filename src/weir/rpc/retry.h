// When to try again, and how often all callers together may: back-off with full jitter under a
// budget.
//
// A retry helps against one bad worker and kills a service that is overloaded: three retries turn a
// load of 70 % into one of 280 %. So retries are paid from a budget that requests fill, and it is
// on unless it is taken away. Callers share no state: the balancer's task owns the budget and
// refuses a retry that it does not cover.
//
// Sources: Finagle's RetryBudget (20 % and 10 a second over 10 s), Envoy (25 ms to 250 ms), AWS
// Architecture Blog 2015 (full jitter).

#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/rpc/failure.h"

namespace weir::rpc {

// The pause before retry n, from 1: base * factor^(n - 1), at most cap.
struct Backoff {
  Duration base = std::chrono::milliseconds(25);
  double factor = 2;
  Duration cap = std::chrono::milliseconds(250);
  bool full_jitter = true;  // uniform between 0 and the pause

  Duration pause(std::uint32_t retry, Random& random) const;
};

struct RetryOptions {
  std::uint32_t max = 0;  // attempts after the first; not for queries that only move
  std::optional<Duration> attempt_timeout = std::nullopt;
  Backoff backoff = {};
  bool on_timeout = true;   // of the attempt; the call's own deadline ends it
  bool on_failure = true;   // the worker failed
  bool on_rejected = true;  // a queue was full, or no worker was fit

  // When an attempt that begins now has to be over; time_never: whenever it likes.
  TimePoint attempt_deadline(TimePoint now) const {
    return attempt_timeout ? saturating_add(now, *attempt_timeout) : time_never;
  }

  bool covers(const Failure& failure) const;
};

struct BudgetOptions {
  double ratio = 0.2;              // retries for each first attempt
  double reserve_per_second = 10;  // and so many besides, so that a quiet client may retry at all
};

// Counts first attempts and retries over the last ten seconds, second by second.
class RetryBudget {
 public:
  explicit RetryBudget(BudgetOptions options = {}) : options_(options) {}

  void deposit(TimePoint now);

  // True, and counted, if the budget covers one more retry. Time never goes back.
  bool withdraw(TimePoint now);

 private:
  static constexpr std::int64_t window_seconds = 10;

  struct Second {
    std::uint64_t first_attempts = 0;
    std::uint64_t retries = 0;
  };

  Second& advance(TimePoint now);

  BudgetOptions options_;
  std::int64_t second_ = 0;  // the newest of the window
  std::array<Second, window_seconds> seconds_{};
  Second sum_{};  // of the window
};

}  // namespace weir::rpc
