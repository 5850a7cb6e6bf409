// Figures of a pool: what became of its jobs.
//
// Each worker keeps its own, in a channel with room for one value: the worker receives them, counts
// and sends them back, and so does whoever asks. Neither waits for the other but for that moment,
// and a job under way does not keep anybody from asking.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/runtime/task.h"
#include "weir/sync/channel.h"

namespace weir::pool {

// submitted = waiting + running + completed + failed + dropped, exactly when no job is on its way.
struct Figures {
  std::uint64_t submitted = 0;  // accepted by submit or try_submit
  std::uint64_t waiting = 0;    // for a worker, in the queue
  std::uint64_t running = 0;    // begun and neither completed nor failed
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;   // ended by an exception
  std::uint64_t dropped = 0;  // in the queue when the pool was cancelled; known after wait()

  bool operator==(const Figures&) const = default;
};

// What one worker counts.
struct WorkerFigures {
  std::uint64_t begun = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t dropped = 0;
};

class Tally {
 public:
  // `writers` tasks count, each under a number of its own from 0.
  explicit Tally(std::size_t writers);

  // Counts `more` of one thing under the number of the caller.
  Task<> count(std::size_t writer, std::uint64_t WorkerFigures::* what,
               std::uint64_t more = 1) const;

  // The sum of all, with `waiting` as the caller knows it.
  Task<Figures> sum(std::size_t waiting) const;

 private:
  std::vector<Channel<WorkerFigures>> cells_;
};

}  // namespace weir::pool
