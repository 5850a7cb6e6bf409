#include "weir/balance/central_queue.h"

#include <string>

#include "weir/balance/least_score.h"

namespace weir::balance {

PolicySpec central_queue(std::uint32_t prefetch) {
  const std::string text =
      prefetch == 0 ? "central_queue" : "central_queue(prefetch=" + std::to_string(prefetch) + ")";
  return least_score(text, [prefetch](const WorkerView& worker) -> double {
    if (worker.in_flight < worker.concurrency) return 0;
    const std::uint32_t waiting = worker.in_flight - worker.concurrency;
    return waiting < prefetch ? waiting + 1.0 : ScoreTree::absent;
  });
}

}  // namespace weir::balance
