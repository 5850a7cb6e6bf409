// How a search goes through the schedules of a program: at random, by priorities, or all of them.
//
// A strategy makes the choices of one run after another. It is told what a choice is between and
// answers with a number; what it draws comes from a stream of the run's own, so that a run can be
// repeated alone from its number. Exhaustive keeps the choices of the run themselves, since no
// number is behind them.
//
// Sources: PCT is Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with
// probabilistic guarantees of finding bugs", ASPLOS 2010; the bound on preemptions is Musuvathi and
// Qadeer, "Iterative context bounding", PLDI 2007.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "weir/base/random.h"
#include "weir/runtime/task_record.h"

namespace weir {

// The ready tasks among which one is to go next, in order of arrival.
struct ReadyTasks {
  static constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

  std::span<TaskRecord* const> tasks;
  std::size_t interrupted = nobody;  // the place of the one that has been made to give way just now
  std::size_t yielded = nobody;      // the place of the one that has given way of its own accord
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  virtual std::size_t pick_task(const ReadyTasks& ready) = 0;

  // A number in [0, bound) for any other choice, 0 being the plain one. Requires: bound > 1.
  virtual std::uint64_t pick(std::uint64_t bound) = 0;
};

// Draws the next task from all that are ready, and lets it complete 0 to 4 operations in a row.
class RandomStrategy final : public Strategy {
 public:
  explicit RandomStrategy(RandomKey key) : random_(key, "explore random") {}

  std::size_t pick_task(const ReadyTasks& ready) override;
  std::uint64_t pick(std::uint64_t bound) override { return random_.below(bound); }

 private:
  Random random_;
  std::uint64_t left_ = 0;  // operations that the running task may still complete
};

// Always runs the task of the highest priority. Priorities are drawn, and `depth` - 1 times in
// about `steps` steps the running task gets one below all. A bug that needs d orderings in a run of
// n tasks and k steps is found with a probability of at least 1 / (n k^(d-1)), whatever the
// program. After ten times the steps it draws evenly, which is fair: a program that spins gets on.
class PriorityStrategy final : public Strategy {
 public:
  PriorityStrategy(RandomKey key, int depth, std::uint64_t steps);

  std::size_t pick_task(const ReadyTasks& ready) override;
  std::uint64_t pick(std::uint64_t bound) override { return random_.below(bound); }

 private:
  std::int64_t& priority_of(std::uint64_t task);

  Random random_;
  const std::uint64_t fair_after_;
  std::uint64_t step_ = 0;
  std::int64_t lowest_ = 0;
  std::uint64_t running_ = 0;             // number of the task of the step before
  std::vector<std::uint64_t> change_at_;  // steps, the next one last
  std::vector<std::int64_t> priority_;    // by number of the task; 0: none yet
};

// Choices as they were made: which of how many. What lies behind the end is the plain choice.
struct Choice {
  std::uint64_t taken = 0;
  std::uint64_t count = 0;  // 0: not known, as in a path that was read from a token
};
using Path = std::vector<Choice>;

// Follows a path, then goes on plainly: the interrupted task goes on, else the one that has waited
// longest goes next. Notes down what there was to choose, within the bounds.
class PathStrategy final : public Strategy {
 public:
  struct Bounds {
    int preemptions = std::numeric_limits<int>::max();
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();  // later ones are plain
  };

  PathStrategy(Path path, Bounds bounds) : path_(std::move(path)), bounds_(bounds) {}

  std::size_t pick_task(const ReadyTasks& ready) override;
  std::uint64_t pick(std::uint64_t bound) override { return take(bound, true); }

  // All choices of the run so far.
  const Path& path() const { return path_; }

  // True if the path was not one of this program: fewer ways, or other ones, where it was made.
  bool strayed() const { return strayed_ || next_ < path_.size(); }

  // Makes the next path in order of depth first; false if there is none.
  static bool advance(Path& path);

 private:
  std::uint64_t take(std::uint64_t count, bool open);

  Path path_;
  Bounds bounds_;
  std::size_t next_ = 0;
  bool strayed_ = false;
};

}  // namespace weir
