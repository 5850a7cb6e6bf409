// A batch of equal jobs, done with each kind of pool: what more workers buy, for jobs that compute
// and for jobs that wait.

#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/time.h"
#include "weir/runtime/task.h"

namespace weir::cli::shape {

struct JobBatch {
  int jobs = 128;
  std::uint64_t turns = 0;  // rounds of computing, for each job; 0: it waits instead
  Duration pause{};         // so long
};

enum class Crew {
  unbounded,  // a task for each job, all at once
  semaphore,  // the same, but no more at a time than there are permits
  pool,       // pool::WorkerPool
  balancer,   // rpc::Balancer with a central queue; each worker serves one request at a time
};

// Does all the jobs, `workers` at a time unless unbounded. Gives the sum of what they came to.
Task<std::uint64_t> do_jobs(JobBatch batch, Crew crew, std::size_t workers);

// The same with so many plain threads, which share the jobs out beforehand: what the machine itself
// gives. Not in a task.
std::uint64_t do_jobs_on_threads(const JobBatch& batch, int threads);

// The same sum, one job after the other and without a task.
std::uint64_t sum_of_jobs(const JobBatch& batch) noexcept;

}  // namespace weir::cli::shape
