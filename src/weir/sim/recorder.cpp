#include "weir/sim/recorder.h"

#include <algorithm>
#include <utility>

#include "weir/base/check.h"

namespace weir::sim {
namespace {

std::uint64_t& count_of(LoadCounts& counts, Fate fate) {
  switch (fate) {
    case Fate::completed:
      return counts.completed;
    case Fate::failed:
      return counts.failed;
    case Fate::timed_out:
      return counts.timed_out;
    case Fate::rejected:
      return counts.rejected;
    case Fate::cancelled:
      return counts.cancelled;
    case Fate::in_flight:
      return counts.in_flight;
  }
  return counts.in_flight;
}

}  // namespace

Recorder::Recorder(std::size_t loads, TimePoint start, TimePoint window_begin, TimePoint window_end,
                   std::optional<Duration> series_over)
    : start_(start),
      begin_(window_begin),
      end_(window_end),
      stretch_length_(std::max(Duration(1), series_over.value_or(Duration::zero()) /
                                                static_cast<std::int64_t>(ResponseSeries::length))),
      loads_(loads),
      stretches_(series_over ? ResponseSeries::length : 0) {}

void Recorder::add(const RequestOutcome& outcome) {
  hash_.add(outcome.request * 8 + static_cast<std::uint64_t>(outcome.fate));
  hash_.add(static_cast<std::uint64_t>(outcome.ended.time_since_epoch().count()));
  last_end_ = std::max(last_end_, outcome.ended);
  ReplicationRecord::Load& load = loads_[outcome.load];
  const bool completed = outcome.fate == Fate::completed;
  if (completed && begin_ <= outcome.ended && outcome.ended < end_) ++load.counts.good;
  const Duration response = outcome.ended - outcome.intended;
  if (completed && !stretches_.empty()) {
    const auto place = static_cast<std::size_t>((outcome.intended - start_) / stretch_length_);
    Stretch& stretch = stretches_[std::min(place, stretches_.size() - 1)];
    stretch.sum += to_seconds(response);
    ++stretch.count;
  }
  if (!counts(outcome)) return;
  ++load.counts.offered;
  ++count_of(load.counts, outcome.fate);
  load.counts.attempts += outcome.attempts;
  load.counts.hedges += outcome.hedges;
  load.counts.retries += outcome.attempts > 0 ? outcome.attempts - 1 - outcome.hedges : 0;
  if (outcome.late >= Duration::zero()) lateness_.record(outcome.late.count());
  if (!completed) return;
  load.latencies.response.record(response.count());
  load.latencies.wait.record((outcome.started - outcome.accepted).count());
  load.latencies.service.record((outcome.finished - outcome.started).count());
}

void Recorder::report(ReplicationRecord& record) {
  for (const ReplicationRecord::Load& load : loads_) {
    WEIR_CHECK(load.counts.adds_up(), "requests got lost between their sending and their outcome");
  }
  record.loads = std::move(loads_);
}

ResponseSeries Recorder::series() const {
  ResponseSeries series;
  double mean = 0;
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    const Stretch& stretch = stretches_[i];
    if (stretch.count > 0) mean = stretch.sum / static_cast<double>(stretch.count);
    series.means.push_back(mean);
    series.ends.push_back(stretch_length_ * static_cast<std::int64_t>(i + 1));
  }
  return series;
}

}  // namespace weir::sim
