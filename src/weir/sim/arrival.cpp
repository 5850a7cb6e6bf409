#include "weir/sim/arrival.h"

#include <utility>

#include "weir/sim/arrival_source.h"

namespace weir::sim {

ArrivalProcess::ArrivalProcess() : ArrivalProcess(metronome(0), "const(0/s)") {}

ArrivalProcess::ArrivalProcess(std::shared_ptr<const ArrivalSource> source, std::string text)
    : source_(std::move(source)), text_(std::move(text)) {}

double ArrivalProcess::mean_rate() const {
  return source_->mean_rate();
}

double ArrivalProcess::expected_count(Duration end) const {
  return source_->expected_count(to_seconds(end));
}

Arrivals::Arrivals(const ArrivalProcess& process, Random stream)
    : source_(process.source_), stream_(stream), walk_(source_->start(stream_)) {}

Arrivals::~Arrivals() = default;
Arrivals::Arrivals(Arrivals&&) noexcept = default;
Arrivals& Arrivals::operator=(Arrivals&&) noexcept = default;

Duration Arrivals::next() {
  return from_seconds(walk_->next(stream_));
}

}  // namespace weir::sim
