// Ticker: a beat at a fixed period.
//
//   Ticker ticker(100ms);
//   for (;;) { co_await ticker.next(); … }
//
//   auto beat = ticker.tick();              or as a case, used again in each turn of a loop
//   for (;;) { co_await select(beat, requests); … }
//
// Who asks late gets the beat that is overdue at once, and the policy says when the next one comes.
// There is no task and no channel behind a ticker, so nothing has to be stopped.
//
// Belongs to one task.

#pragma once

#include <source_location>

#include "weir/base/time.h"
#include "weir/runtime/this_task.h"
#include "weir/sync/case.h"
#include "weir/sync/until_cancelled.h"

namespace weir {

class Ticker;

// Fires at the next beat of a ticker, and takes the beat if it is chosen: one that lost is still to
// come. Requires: the ticker outlives it.
class TickCase final : public DeadlineCase {
 public:
  TickCase(Ticker& ticker, std::source_location where);

 private:
  void reset() noexcept override;
  bool poll() noexcept override;
  void complete() noexcept override;
  const char* verb() const noexcept override { return "tick"; }

  Ticker& ticker_;
};

// Waits for a beat or the end of a context, which wins if both are there.
using ContextTick = UntilCancelled<TickCase>;

// What follows a beat that was taken late. The three policies are those of Tokio's Interval.
enum class MissedTick {
  skip,   // the next beat of the original schedule that is still to come (Go drops as well)
  burst,  // all missed beats at once, until the schedule is caught up
  delay,  // a full period from now
};

class Ticker {
 public:
  using Place = std::source_location;

  // The first beat comes one period from now. Requires: period > 0; called in a task.
  explicit Ticker(Duration period, MissedTick missed = MissedTick::skip);

  // Parks until the next beat, and takes it.
  SleepAwaiter next(Place where = Place::current());

  // The same until `context` is cancelled; true if the beat came. Otherwise none is taken.
  ContextTick next(const Context& context, Place where = Place::current()) {
    return ContextTick(context, where, *this);
  }

  // The beats as a case.
  TickCase tick(Place where = Place::current()) { return TickCase(*this, where); }

  // Starts anew: the next beat comes one period from now. Requires: period > 0.
  void reset(Duration period);
  void reset() { reset(period_); }

  // When the next beat is due.
  TimePoint due() const { return due_; }

 private:
  friend class TickCase;

  TimePoint advance();

  Duration period_;
  const MissedTick missed_;
  TimePoint due_;
};

}  // namespace weir
