// explore(): runs a body under many schedules, and says how to get the one back that failed.
//
//   explore({.strategy = Explore::pct, .runs = 1000}, []() -> Task<> { … });
//
// Each run is in virtual time, with the real channels, selects and contexts. After every operation
// the task may be interrupted, any ready task may go next, a select may take any case that is
// ready, and timers of one deadline may fire in any order, before or after the tasks they meet. A
// run fails if an exception leaves a task, all tasks are asleep, tasks are left over or run for
// ever, or `failed` says so. Then explore() throws ExploreFailure, whose text has the token, the
// last events and who waits for whom; a broken contract (WEIR_CHECK) prints the same before it
// aborts. The token in ExploreOptions::token, or in WEIR_EXPLORE_TOKEN, runs that schedule alone.
//
// The body is called once for each run and must depend on nothing but weir: no clock, no addresses,
// nothing left from the run before. That is looked at: some runs are made twice and compared. All
// bounds are counts, so a search does the same on every machine.
//
// Two tasks never run at the same time, so data races do not show: that is the thread sanitizer's.
// What is between two operations of a task happens at once; a real machine interrupts there too.
//
// Sources: AWS's shuttle for the form, Microsoft's CHESS for the bounds; see strategy.h.

#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

#include "weir/runtime/run_options.h"
#include "weir/runtime/task.h"

namespace weir {

enum class Explore {
  random,      // the next task is drawn: a wide net
  pct,         // priorities with `depth` - 1 changes: finds what needs few, exact orders
  exhaustive,  // every schedule with at most `preemptions`: for four tasks and thirty steps
};

struct ExploreOptions {
  Explore strategy = Explore::random;
  std::uint32_t runs = 1000;  // at most
  std::uint64_t seed = 0;     // also of the body's random streams; run r has replication r
  int depth = 3;              // of pct
  int preemptions = 2;        // of exhaustive: how often a task is interrupted that could go on
  std::uint64_t choices = 1'000'000;  // of exhaustive: only so many of a run are tried otherwise
  int processors = 1;
  OnLeak on_leak = OnLeak::fail;
  bool check_determinism = true;      // runs 1, 2, 4, 8 … are made twice
  std::uint64_t steps = 1'000'000;    // a run that takes more fails
  std::size_t events = 30;            // of the failed run that are shown
  std::string token = {};             // of the only schedule to run
  std::function<bool()> failed = {};  // asked after each run, for bodies that note what they find
};

struct ExploreResult {
  std::uint64_t runs = 0;       // without those that were made again to compare
  std::uint64_t schedules = 0;  // different ones among them
  std::uint64_t steps = 0;      // of the longest run
  bool exhausted = false;       // exhaustive: there is no other schedule within the bounds
  bool changed = false;         // replay: other events than when the token was made
};

// A schedule under which the body failed.
class ExploreFailure : public std::runtime_error {
 public:
  ExploreFailure(const std::string& text, std::string token, std::uint64_t run,
                 std::exception_ptr cause)
      : std::runtime_error(text), token_(std::move(token)), run_(run), cause_(std::move(cause)) {}

  // Replays the schedule, also in another process.
  const std::string& token() const noexcept { return token_; }

  // Which run it was, from 1.
  std::uint64_t run() const noexcept { return run_; }

  // What came out of the run; null if only `failed` told.
  const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  std::string token_;
  std::uint64_t run_;
  std::exception_ptr cause_;
};

// Makes the runs on this thread, one after another; may be called from a task of a real runtime.
// Throws ExploreFailure at the first that fails, and std::invalid_argument for a malformed token.
ExploreResult explore(const ExploreOptions& options, const std::function<Task<>()>& body,
                      std::source_location where = std::source_location::current());

}  // namespace weir
