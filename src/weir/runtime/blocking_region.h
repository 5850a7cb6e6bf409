// BlockingRegion: marks a call that blocks its thread where it stands.
//
//   {
//     BlockingRegion region;
//     bytes = ::read(file, buffer, size);
//   }
//
// The task keeps its thread. If the region lasts and other tasks wait for its processor, the
// processor goes to another thread, within some 100 us; at the end of the region the task then
// waits its turn for a processor, as a ready task does, and its thread with it. So no more tasks
// run at a time than there are processors, and with one of them nothing runs beside a task that is
// not in a region. It counts as one of RuntimeOptions::blocking_threads_max meanwhile; with all of
// them in use the processor stays where it is.
//
// No co_await inside: a task that is suspended there stops the program. go(), now(), try_send,
// close and Runtime::go are fine; timers and contexts with a deadline are not. Nested regions count
// as one. Outside of a task, and in virtual time, it does nothing.
//
// Against blocking(): that changes threads twice for each call (10 us and more); a region costs
// some 10 ns, and about as much as blocking() only if it lasts.

#pragma once

#include <source_location>

#include "weir/runtime/scheduler.h"

namespace weir {

class BlockingRegion {
 public:
  explicit BlockingRegion(std::source_location where = std::source_location::current()) noexcept;
  ~BlockingRegion();
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  const bool outermost_;
  RegionTicket ticket_;
};

}  // namespace weir
