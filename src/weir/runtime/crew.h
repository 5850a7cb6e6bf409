// How many processors take part in a run: found out by trying.
//
// Tasks that do little between two operations on a channel are slower on two processors than on
// one: a cache line that goes to another core and back costs more than the whole operation, and no
// scheduler can tell from a ready task whether it is of that sort. So the crew measures. Progress
// is counted as slices, operations and started tasks of all processors. Now and then the crew is
// halved, doubled, or reduced to one for a window of a quarter of a millisecond, and the two
// windows are set side by side. The smaller crew is better if it gets clearly more done; or if it
// gets the same done, for clearly less processor time, and has time to spare: where what comes in
// sets the rate, a crew without that would answer late. Where so little happens in a window that it
// would say nothing, tasks compute for long or there are few of them: sharing costs little then,
// and everybody works.
//
// A trial that changed nothing doubles the time to the next one, up to 64 ms, so that a steady load
// pays well below one per cent for being watched; one that did change something is followed up
// soon.
//
// Pure arithmetic without a clock; the ThreadScheduler asks it and carries out what it says.
//
// Turned down: counting the tasks that change processors (two tasks can fight for a channel without
// ever parking), a threshold on the length of the queue (short work and long work queue alike), and
// waking late (whoever is awake already goes on stealing).

#pragma once

#include <cstdint>

#include "weir/base/time.h"

namespace weir {

class Crew {
 public:
  // What all processors have done since the run began.
  struct Work {
    std::uint64_t units = 0;
    Duration busy{};  // time that they were awake
  };

  explicit Crew(int processors) noexcept : processors_(processors), size_(processors) {}

  // How many processors are to take part. All of them at first.
  int size() const noexcept { return size_; }

  // When to call look() next.
  TimePoint due() const noexcept { return due_; }

  // A run begins: with the size that the last one ended with.
  void begin(TimePoint time, const Work& done) noexcept;

  // Returns the new size().
  int look(TimePoint time, const Work& done) noexcept;

  // A processor is about to be busy for long: everybody takes part, until the next trial.
  void call_all(TimePoint time, const Work& done) noexcept;

 private:
  enum class Phase {
    hold,    // waits for the next trial
    before,  // measures the size that there is
    settle,  // has changed it; caches and queues adapt
    after,   // measures the other size
  };

  enum class Trial { half, one, twice };

  // Of a crew in a window.
  struct Pace {
    double rate = 0;  // units per nanosecond
    double cost = 0;  // processor time per unit, in nanoseconds
    double load = 0;  // of its processors, 1 if none sleeps
  };
  static bool is_better(const Pace& small, const Pace& large, double margin) noexcept;

  int other_size() noexcept;
  void try_next() noexcept;
  void decide(const Pace& pace) noexcept;
  void enter(Phase phase, TimePoint time, const Work& done, Duration length) noexcept;

  const int processors_;
  int size_;
  Trial trial_ = Trial::half;
  int old_size_ = 0;  // before the trial
  Pace old_pace_;

  Phase phase_ = Phase::hold;
  TimePoint began_{};  // of the phase
  Work done_;          // when it began
  TimePoint due_{};
  Duration hold_length_{};
  TimePoint hold_until_{};
};

}  // namespace weir
