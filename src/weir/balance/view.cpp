#include "weir/balance/view.h"

namespace weir::balance {

std::optional<WorkerIndex> View::find(WorkerId id) const {
  if (!contains(id.index) || slots_[id.index].worker.id != id) return std::nullopt;
  return id.index;
}

}  // namespace weir::balance
