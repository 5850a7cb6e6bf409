#include "weir/balance/random_choice.h"

#include "weir/balance/least_score.h"

namespace weir::balance {

// All score the same, so every pick is a tie.
PolicySpec random() {
  return least_score("random", [](const WorkerView&) { return 0.0; });
}

}  // namespace weir::balance
