#include "weir/balance/least_loaded.h"

#include "weir/balance/least_score.h"

namespace weir::balance {

PolicySpec least_loaded() {
  return least_score("least_loaded", [](const WorkerView& worker) { return worker.load(); });
}

}  // namespace weir::balance
