// What each processor did and when: the slices of a run, for a file that trace viewers open.
//
// A slice is noted when it begins and when it ends. How it ended is not: between parking and the
// return to the scheduler the task may be another thread's already. It is known when the task runs
// next, which tells what it came back from, or at the end of the run from the tasks that are left.
// So nothing is asked of the operations that park.
//
// Each processor has a ring of its own, written by the thread that runs it; the newest slices are
// kept. A slice is told how it ended only if it began after all that any ring has dropped.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <source_location>
#include <string>
#include <vector>

#include "weir/base/time.h"
#include "weir/runtime/task_record.h"
#include "weir/runtime/task_register.h"

namespace weir {

// How a slice ended: an operation and its place, or words alone, then `where` has line 0.
struct SliceEnd {
  const char* verb = "";
  std::source_location where{};
};

struct SliceStart {
  TimePoint time{};
  std::uint64_t number = 0;  // grows where the time does not
  bool stolen = false;       // first of a batch taken from another processor
};

struct Slice {
  std::uint64_t task = 0;
  std::source_location started_at{};  // of the task
  SliceStart start{};
  TimePoint ended{};
  SliceEnd back_from{};     // where the slice before ended; no verb: it gave way, or there is none
  SliceEnd end{};           // found out when the file is written
  std::uint64_t alive = 0;  // tasks; counted at some slices, else 0
};

// Owned by the thread that runs the processor.
struct alignas(64) TraceLane {
  std::vector<Slice> ring{};
  std::uint64_t count = 0;  // of slices that have begun; the newest is ring[(count - 1) % size]
  bool is_open = false;     // the newest has not ended
};

class Trace {
 public:
  // Keeps `kept` slices of each of `lanes` processors. In the file, `origin` is 0.
  Trace(std::string file, std::size_t lanes, std::size_t kept, TimePoint origin);

  // Around a slice, by the thread that runs the processor. If one is open there, it ends: its task
  // has lost the processor in a BlockingRegion, and goes on elsewhere.
  void begin(std::size_t lane, TaskRecord& task, const SliceStart& start) noexcept;
  void end(std::size_t lane, TimePoint time) noexcept;

  // The first lane whose newest slice has ended by then; in virtual time, where work() ends later.
  std::size_t free_lane(TimePoint time) const noexcept;

  // When nothing runs any more. `left`: the tasks that have not ended, by id. Says on standard
  // error if there is no file, or not everything in it.
  void write(const std::vector<TaskRecord*>& left, TaskRegister& living) noexcept;

 private:
  Slice& newest(TraceLane& lane) noexcept { return lane.ring[(lane.count - 1) % kept_]; }
  std::uint64_t find_ends(const std::vector<TaskRecord*>& left);

  const std::string file_;
  const std::size_t kept_;
  const TimePoint origin_;
  std::vector<TraceLane> lanes_;
};

// Null if no file is asked for.
std::unique_ptr<Trace> make_trace(std::string file, std::size_t lanes, std::size_t kept,
                                  TimePoint origin);

// The file that WEIR_TRACE asks for; from the second call on ".2", ".3" … is added to it. Empty if
// it asks for none.
std::string trace_file_from_environment();

}  // namespace weir
