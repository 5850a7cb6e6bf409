// What a select waits for: cases, named objects that outlive it and can be used again.
//
// A case is polled, then enrolled in what it waits for, and withdrawn when another case was picked.
// Each kind of case knows its container; select knows only this interface.

#pragma once

#include <source_location>

#include "weir/base/time.h"
#include "weir/runtime/go.h"
#include "weir/runtime/timer_queue.h"
#include "weir/sync/claim.h"

namespace weir {

class Case {
 public:
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  // True if the last select that this case was given to picked it. A select that it was not given
  // to leaves it as it was, so that its answer is then an old one: rather switch it off.
  bool chosen() const noexcept { return chosen_; }

  // A case that is switched off is passed over by selects, as Go's over a nil channel: it is not
  // chosen, holds no received value and keeps the value that it is to send. Requires: no select
  // that it was given to is under way.
  void enable(bool on = true) noexcept { enabled_ = on; }
  void disable() noexcept { enabled_ = false; }
  bool enabled() const noexcept { return enabled_; }

  std::source_location where() const noexcept { return where_; }

 protected:
  enum class Enrolled { waiting, decided };

  explicit Case(std::source_location where) : where_(where) {}
  ~Case() = default;

  // What a select of this case alone does, for people, and on what; see Wait.
  virtual const char* verb() const noexcept { return "select"; }
  virtual const void* object() const noexcept { return nullptr; }

  // What the case waits for, in words; by default verb, place and object. Called like
  // Wait::describe.
  virtual WaitedFor describe() const {
    return {.verb = verb(), .where = where_, .object = object()};
  }

  WaitNode node_;

 private:
  friend class SelectOperation;

  // Forgets the last select. Called at the start of each.
  virtual void reset() noexcept {}

  // False if the case visibly cannot be completed now; a look that takes no lock. What it misses,
  // enroll() finds.
  virtual bool seems_ready() const noexcept { return true; }

  // Completes the case if it is ready now.
  virtual bool poll() noexcept = 0;

  // Puts node_ where it can be found, unless the select is decided: through this case, whose
  // readiness the call has found, or meanwhile through another one.
  virtual Enrolled enroll(WakeList& wakes) noexcept = 0;

  // Takes node_ back; does nothing if it is not there any more.
  virtual void withdraw() noexcept = 0;

  // Called in the picked case after a park.
  virtual void complete() noexcept {}

  const std::source_location where_;
  bool chosen_ = false;
  bool enabled_ = true;
};

// Fires when a time has come: the part that does not know which.
class DeadlineCase : public Case, protected Timer {
 public:
  // True if the last select picked the case.
  explicit operator bool() const noexcept { return chosen(); }

 protected:
  DeadlineCase(TimePoint at, std::source_location where) : Case(where), Timer(at) {}
  ~DeadlineCase() = default;

  bool poll() noexcept override;

 private:
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  void expire(WakeList& wakes) noexcept override;
  const char* verb() const noexcept override { return "until"; }
};

// after(d): d from the start of each select; until(t): at t. With Duration::max() or time_never it
// never fires.
class TimerCase final : public DeadlineCase {
 public:
  TimerCase(Duration delay, std::source_location where)
      : DeadlineCase(TimePoint(), where), relative_(true), delay_(delay) {}
  TimerCase(TimePoint at, std::source_location where)
      : DeadlineCase(at, where), relative_(false), delay_() {}

 private:
  void reset() noexcept override;
  bool poll() noexcept override;
  const char* verb() const noexcept override { return relative_ ? "after" : "until"; }

  const bool relative_;  // to the start of each select, by delay_
  const Duration delay_;
};

TimerCase after(Duration delay, std::source_location where = std::source_location::current());
TimerCase until(TimePoint at, std::source_location where = std::source_location::current());

// Fires when a task has ended.
class JoinCase final : public Case, private JoinNode {
 public:
  JoinCase(TaskHandle task, std::source_location where) : Case(where), task_(std::move(task)) {}

  explicit operator bool() const noexcept { return chosen(); }

 private:
  const void* object() const noexcept override { return task_.record(); }
  bool poll() noexcept override { return task_.ended(); }
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  void on_end(WakeList& wakes) noexcept override;
  const char* verb() const noexcept override { return "join"; }
  WaitedFor describe() const override { return describe_join(*task_.record(), where()); }

  TaskHandle task_;
};

JoinCase joined(TaskHandle task, std::source_location where = std::source_location::current());

}  // namespace weir
