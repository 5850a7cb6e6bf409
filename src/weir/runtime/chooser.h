// Makes the free choices of a run in virtual time: who goes next, for how long, which way.
//
// In order of arrival (Order::arrival) a run has no chooser and pays for none. With one, every
// choice that the rules leave open goes through it, and it is told what came of each: so that a
// search over schedules is an implementation of this class and nothing more.
//
// Called by one VirtualScheduler, on its thread. May throw from take(), which ends the run.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/base/random.h"
#include "weir/base/time.h"

namespace weir {

class TaskRecord;
class Wait;

class Chooser {
 public:
  virtual ~Chooser() = default;

  // Takes one of the ready tasks out of the list, which is not empty and to which tasks are added
  // at the end as they become ready.
  virtual TaskRecord& take(std::vector<TaskRecord*>& ready) = 0;

  // How many operations the task that goes next may complete before it gives way.
  virtual int budget() = 0;

  // Uniform in [0, bound), or as if it were: the choices of select.
  virtual std::uint64_t choose(std::uint64_t bound) noexcept = 0;

  // True if choose_timer() is to be asked; else timers of one deadline fire in the order in which
  // they were armed, before any task runs.
  virtual bool splits_ties() const noexcept { return false; }

  // Which of `due` timers of the same deadline fires next. `due` itself lets a ready task go first,
  // and is allowed if `may_wait`.
  virtual std::size_t choose_timer([[maybe_unused]] std::size_t due,
                                   [[maybe_unused]] bool may_wait) noexcept {
    return 0;
  }

  // What comes of the choices. A task that runs then starts others, and gives way, ends, or else
  // has parked when it returns. `operation` is the one it gives way after, null if it does so of
  // its own accord.
  virtual void time_moves([[maybe_unused]] TimePoint now) noexcept {}
  virtual void starts([[maybe_unused]] const TaskRecord& task) noexcept {}
  virtual void runs([[maybe_unused]] const TaskRecord& task) noexcept {}
  virtual void gives_way([[maybe_unused]] const TaskRecord& task,
                         [[maybe_unused]] const Wait* operation) noexcept {}
  virtual void ends([[maybe_unused]] const TaskRecord& task) noexcept {}
  virtual void returns() noexcept {}

  // The tasks that are left at the end of the run, while they are still there.
  virtual void leaves([[maybe_unused]] const std::vector<TaskRecord*>& tasks) {}
};

// Order::drawn: the next task is drawn from the ready ones, with 0 to 4 operations in a row.
class DrawnChooser final : public Chooser {
 public:
  explicit DrawnChooser(RandomKey key) : selects_(key, "select"), order_(key, "schedule") {}

  TaskRecord& take(std::vector<TaskRecord*>& ready) override;
  int budget() override;
  std::uint64_t choose(std::uint64_t bound) noexcept override { return selects_.below(bound); }

 private:
  Random selects_;
  Random order_;
};

}  // namespace weir
