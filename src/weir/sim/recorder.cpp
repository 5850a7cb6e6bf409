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

void count_in(ReplicationRecord::Load& load, const RequestOutcome& outcome) {
  ++load.counts.offered;
  ++count_of(load.counts, outcome.fate);
  load.counts.attempts += outcome.attempts;
  load.counts.hedges += outcome.hedges;
  load.counts.retries += outcome.attempts > 0 ? outcome.attempts - 1 - outcome.hedges : 0;
  if (outcome.fate != Fate::completed) return;
  load.latencies.response.record((outcome.ended - outcome.intended).count());
  load.latencies.wait.record((outcome.started - outcome.accepted).count());
  load.latencies.service.record((outcome.finished - outcome.started).count());
}

}  // namespace

void add_loads(std::vector<ReplicationRecord::Load>& sum,
               const std::vector<ReplicationRecord::Load>& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

Recorder::Recorder(std::size_t loads, TimePoint start, TimePoint window_begin, TimePoint window_end,
                   RecorderOptions options)
    : start_(start),
      begin_(window_begin),
      end_(window_end),
      stretch_length_(std::max(Duration(1), options.series_over.value_or(Duration::zero()) /
                                                static_cast<std::int64_t>(ResponseSeries::length))),
      loads_(loads),
      stretches_(options.series_over ? ResponseSeries::length : 0) {
  if (options.batches_over) grid_.emplace(window_begin, *options.batches_over);
}

void Recorder::add(const RequestOutcome& outcome) {
  if (outcome.never_sent) {
    given_up_after_ = std::max(given_up_after_, outcome.late);
    return;
  }
  hash_.add(outcome.request * 8 + static_cast<std::uint64_t>(outcome.fate));
  hash_.add(static_cast<std::uint64_t>(outcome.ended.time_since_epoch().count()));
  const bool completed = outcome.fate == Fate::completed;
  if (completed && begin_ <= outcome.ended && outcome.ended < end_) {
    ++loads_[outcome.load].counts.good;
    if (grid_) ++batch(outcome.ended, outcome.load).counts.good;
  }
  if (completed && !stretches_.empty()) {
    const auto place = static_cast<std::size_t>((outcome.intended - start_) / stretch_length_);
    Stretch& stretch = stretches_[std::min(place, stretches_.size() - 1)];
    stretch.sum += to_seconds(outcome.ended - outcome.intended);
    ++stretch.count;
  }
  if (outcome.late >= Duration::zero()) {
    ++sent_;
    last_intended_ = std::max(last_intended_, outcome.intended);
    last_sent_ = std::max(last_sent_, outcome.intended + outcome.late);
  }
  if (!counts(outcome)) return;
  count_in(loads_[outcome.load], outcome);
  if (grid_) count_in(batch(outcome.intended, outcome.load), outcome);
  if (outcome.late >= Duration::zero()) lateness_.record(outcome.late.count());
}

ReplicationRecord::Load& Recorder::batch(TimePoint time, std::uint32_t load) {
  while (!grid_->covers(time)) pair_up();
  const std::size_t number = grid_->holding(time);
  while (batches_.size() <= number) batches_.emplace_back(loads_.size());
  return batches_[number][load];
}

void Recorder::pair_up() {
  grid_->widen();
  for (std::size_t i = 1; i < batches_.size(); ++i) {
    if (i % 2 == 0) {
      batches_[i / 2] = std::move(batches_[i]);
    } else {
      add_loads(batches_[i / 2], batches_[i]);
    }
  }
  batches_.resize((batches_.size() + 1) / 2);
}

std::vector<Recorder::Loads> Recorder::take_batches(TimePoint end, Duration length) {
  while (grid_->length() < length) pair_up();
  batches_.resize(grid_->full_at(end), Loads(loads_.size()));
  return std::move(batches_);
}

void Recorder::report(RealFigures& figures) const {
  figures.behind = lateness_;
  figures.given_up_after_s = to_seconds(given_up_after_);
  figures.sent = sent_;
  if (sent_ == 0) return;
  figures.due_s = to_seconds(last_intended_ - start_);
  figures.took_s = to_seconds(last_sent_ - start_);
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
