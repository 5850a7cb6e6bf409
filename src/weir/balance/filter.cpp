#include "weir/balance/filter.h"

namespace weir::balance {

bool panics(std::size_t up, std::size_t members, const FilterOptions& options) {
  return static_cast<double>(up) < options.panic_threshold * static_cast<double>(members);
}

bool is_fit(const WorkerView& worker, bool panicking) {
  const bool healthy =
      worker.health == Health::up || (panicking && worker.health == Health::ejected);
  return healthy && worker.weight > 0;
}

Reason why_none(const View& view) {
  return view.fit() == 0 ? Reason::no_worker : Reason::full;
}

}  // namespace weir::balance
