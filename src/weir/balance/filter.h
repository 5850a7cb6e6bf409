// Who may be picked at all: health, panic, room. It comes before every policy and knows none.
//
// In order: a worker that is up, or ejected while the balancer panics; with a weight above zero;
// with a free slot or a place in its queue. Last, for one pick, the workers that the request has
// tried fall out, unless nobody else is left (WorkerTable::hide).

#pragma once

#include <cstddef>

#include "weir/balance/policy.h"
#include "weir/balance/view.h"

namespace weir::balance {

struct FilterOptions {
  // Below this share of workers that are up, ejected ones are eligible again: better a doubtful
  // worker than all the load on the few that are left. 0 turns it off. Envoy's default.
  double panic_threshold = 0.5;
};

// Draining workers are no members: they leave by wish, which is no sign of trouble.
bool panics(std::size_t up, std::size_t members, const FilterOptions& options);

// Fit to be sent requests, whether or not it has room for one.
bool is_fit(const WorkerView& worker, bool panicking);

// Why nobody is eligible. Requires: nobody is.
Reason why_none(const View& view);

}  // namespace weir::balance
