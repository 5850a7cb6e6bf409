#include "weir/pool/figures.h"

namespace weir::pool {

Tally::Tally(std::size_t writers) {
  cells_.reserve(writers);
  for (std::size_t i = 0; i < writers; ++i) {
    cells_.push_back(make_channel<WorkerFigures>(1));
    (void)cells_.back().try_send(WorkerFigures());
  }
}

Task<> Tally::count(std::size_t writer, std::uint64_t WorkerFigures::* what,
                    std::uint64_t more) const {
  const Channel<WorkerFigures>& cell = cells_[writer];
  auto figures = co_await cell.receive();
  (*figures).*what += more;
  co_await cell.send(*figures);
}

Task<Figures> Tally::sum(std::size_t waiting) const {
  WorkerFigures total;
  for (const Channel<WorkerFigures>& cell : cells_) {
    auto figures = co_await cell.receive();
    co_await cell.send(*figures);
    total.begun += figures->begun;
    total.completed += figures->completed;
    total.failed += figures->failed;
    total.dropped += figures->dropped;
  }
  co_return Figures{.submitted = total.begun + waiting + total.dropped,
                    .waiting = waiting,
                    .running = total.begun - total.completed - total.failed,
                    .completed = total.completed,
                    .failed = total.failed,
                    .dropped = total.dropped};
}

}  // namespace weir::pool
