// How a pool of workers is set up.

#pragma once

#include <cstddef>

namespace weir::pool {

enum class ResultOrder { as_finished, as_submitted };

// What an exception does that leaves a job.
enum class OnFailure {
  collect,  // it is the job's outcome; a pool without results carries on, and wait() throws the
            // first
  stop,     // the first one cancels the pool, and wait() throws it; it is no outcome
};

struct WorkerPoolOptions {
  std::size_t workers = 4;
  std::size_t queue_max = 64;    // jobs that wait for a worker; 0: each is handed over
  std::size_t results_max = 64;  // outcomes that wait for a reader
  ResultOrder order = ResultOrder::as_finished;
  OnFailure on_failure = OnFailure::collect;
};

}  // namespace weir::pool
