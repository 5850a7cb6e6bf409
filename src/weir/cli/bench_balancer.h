// The load balancer of Rob Pike's talk "Concurrency is not parallelism" (2012), with requests that
// cost nothing, so that only the passing on is left.
//
// It is the shape of that program, not weir's own balancer: a heap of workers behind one select.

#pragma once

#include <cstdint>

#include "weir/runtime/task.h"

namespace weir::cli::shape {

inline constexpr int demo_requesters = 100;

// Each requester asks `each` times, one request after the other; there are ten workers. Gives the
// number of answers.
Task<std::int64_t> classic_balancer(int each);

}  // namespace weir::cli::shape
