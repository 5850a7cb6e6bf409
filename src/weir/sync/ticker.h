// Ticker: a beat at a fixed period.
//
//   Ticker ticker(100ms);
//   for (;;) { co_await ticker.next(); … }
//   auto beat = ticker.tick();              or as a case: co_await select(beat, requests)
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

namespace weir {

// What follows a beat that was taken late.
enum class MissedTick {
  skip,   // the next beat of the original schedule that is still to come (Go drops as well)
  burst,  // all missed beats at once, until the schedule is caught up
  delay,  // a full period from now
};

class Ticker {
 public:
  // The first beat comes one period from now. Requires: period > 0; called in a task.
  explicit Ticker(Duration period, MissedTick missed = MissedTick::skip);

  // Parks until the next beat.
  SleepAwaiter next(std::source_location where = std::source_location::current());

  // The next beat as a case. Each is for one beat: make the next one when it has fired.
  TimerCase tick(std::source_location where = std::source_location::current());

  // When the next beat is due.
  TimePoint due() const { return due_; }

 private:
  TimePoint advance();

  const Duration period_;
  const MissedTick missed_;
  TimePoint due_;
};

}  // namespace weir
