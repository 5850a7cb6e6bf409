#include "weir/sim/monitors.h"

#include <algorithm>

#include "weir/sim/fault_timeline.h"

namespace weir::sim {

WorkerWatch::WorkerWatch(std::uint32_t slots, TimePoint window_begin, TimePoint window_end,
                         std::optional<Duration> batches_over)
    : begin_(window_begin), end_(window_end) {
  occupancy_.set_window(begin_, end_);
  occupancy_.set_slots(slots, TimePoint());
  if (batches_over) borders_ = BatchBorders<Sums>(begin_, end_, *batches_over);
}

void WorkerWatch::set(std::size_t serving, std::size_t waiting, TimePoint now) {
  pass(now);
  laws_.change(waiting - occupancy_.waiting(), serving - serving_, now);
  serving_ = serving;
  occupancy_.set(std::min<std::uint64_t>(serving, occupancy_.slots()), waiting, serving + waiting,
                 now);
}

void WorkerWatch::rejected(TimePoint now) {
  pass(now);
  if (begin_ <= now && now < end_) ++rejected_;
}

WorkerWatch::Sums WorkerWatch::sums_until(TimePoint now) {
  return {.dropped = rejected_, .occupancy = occupancy_.sums_until(now)};
}

void WorkerWatch::note_borders(TimePoint now) {
  borders_.note(now, [this](TimePoint border) { return sums_until(border); });
}

Duration WorkerWatch::end_batches(TimePoint end, Duration length) {
  borders_.end(end, length, [this](TimePoint border) { return sums_until(border); });
  return borders_.length();
}

WorkerFigures WorkerWatch::figures(TimePoint end) {
  occupancy_.close(end);
  return {.rejected = rejected_,
          .present = occupancy_.present(),
          .utilisation = occupancy_.utilisation(),
          .mean_in_flight = occupancy_.mean_in_flight(),
          .sd_in_flight = occupancy_.sd_in_flight(),
          .mean_queue = occupancy_.mean_waiting(),
          .max_queue = occupancy_.max_waiting()};
}

BalancerWatch::BalancerWatch(std::size_t workers, std::size_t loads, TimePoint window_begin,
                             TimePoint window_end, Counter* pending,
                             std::optional<Duration> batches_over)
    : begin_(window_begin),
      end_(window_end),
      answers_(workers),
      sent_(workers),
      replies_(loads),
      pending_(pending) {
  line_.set_window(begin_, end_);
  if (batches_over) borders_ = BatchBorders<Sums>(begin_, end_, *batches_over);
}

BalancerWatch::Sums BalancerWatch::sums_until(TimePoint now) {
  return {.answers = answers_, .replies = replies_, .line = line_.sum_until(now)};
}

void BalancerWatch::note_borders(TimePoint now) {
  borders_.note(now, [this](TimePoint border) { return sums_until(border); });
}

Duration BalancerWatch::end_batches(TimePoint end, Duration length) {
  borders_.end(end, length, [this](TimePoint border) { return sums_until(border); });
  return borders_.length();
}

void BalancerWatch::add_until(std::size_t border, Monitor::Sums& sums) const {
  const Sums& seen = borders_[border];
  sums.line += seen.line;
  sums.replies.resize(seen.replies.size());
  for (std::size_t i = 0; i < seen.replies.size(); ++i) sums.replies[i] += seen.replies[i];
  for (std::size_t i = 0; i < seen.answers.size(); ++i) {
    sums.workers[i].completed += seen.answers[i].completed;
    sums.workers[i].failed += seen.answers[i].failed;
  }
}

void BalancerWatch::on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t,
                              TimePoint) {
  if (pending_ != nullptr) pending_->add(std::uint64_t{serving} - sent_[worker]);
  sent_[worker] = serving;
}

void BalancerWatch::on_line(std::size_t waiting, TimePoint now) {
  pass(now);
  if (pending_ != nullptr) pending_->add(waiting - line_.value());
  laws_.change(waiting - line_.value(), 0, now);
  line_.set(waiting, now);
}

void BalancerWatch::on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success,
                              bool, TimePoint now) {
  pass(now);
  if (now < begin_ || end_ <= now) return;
  ++(success ? answers_[worker].completed : answers_[worker].failed);
  if (success) ++replies_[account];
}

void BalancerWatch::report(TimePoint end, ReplicationRecord& record) {
  line_.close(end);
  record.line.mean_queue += line_.mean();
  record.line.max_queue = std::max(record.line.max_queue, line_.max());
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    record.workers[i].completed += answers_[i].completed;
    record.workers[i].failed += answers_[i].failed;
  }
  for (std::size_t i = 0; i < replies_.size(); ++i) record.loads[i].counts.replies += replies_[i];
}

Monitors::Monitors(const Scenario& scenario, TimePoint window_begin, TimePoint window_end,
                   LiveCounts* live, TimePoint start, std::optional<Duration> batches_over)
    : keeps_batches_(batches_over.has_value()) {
  if (scenario.balancer.count == 1 && batches_over) {
    auto monitor = std::make_unique<BatchedMonitor>(scenario, window_begin, window_end, live, start,
                                                    *batches_over);
    batched_ = monitor.get();
    alone_ = std::move(monitor);
    return;
  }
  if (scenario.balancer.count == 1) {
    alone_ = std::make_unique<Monitor>(scenario, window_begin, window_end, live, start);
    return;
  }
  for (const Workers& group : scenario.workers) {
    for (std::uint32_t i = 0; i < group.places(); ++i) {
      workers_.emplace_back(group.servers(), window_begin, window_end, batches_over);
      workers_.back().set_brought_by(who_bring(scenario, group, i), start);
    }
  }
  for (std::uint32_t i = 0; i < scenario.balancer.count; ++i) {
    balancers_.emplace_back(workers_.size(), scenario.loads.size(), window_begin, window_end,
                            live == nullptr ? nullptr : &live->pending[i], batches_over);
  }
}

rpc::Observer& Monitors::of_balancer(std::size_t number) {
  if (alone_) return *alone_;
  return balancers_[number];
}

void Monitors::check_laws() const {
  if (alone_) alone_->check_laws();
  for (const BalancerWatch& balancer : balancers_) balancer.check_laws();
  for (const WorkerWatch& worker : workers_) worker.check_laws();
}

Duration Monitors::end_batches(TimePoint end, Duration length) {
  if (batched_ != nullptr) return batched_->end_batches(end, length);
  const auto end_all = [&](Duration least) {
    Duration longest = least;
    for (auto& one : workers_) longest = std::max(longest, one.end_batches(end, least));
    for (auto& one : balancers_) longest = std::max(longest, one.end_batches(end, least));
    return longest;
  };
  return end_all(end_all(length));  // Who has noted more borders has longer batches.
}

Monitor::Sums Monitors::until(std::size_t border) const {
  if (batched_ != nullptr) return batched_->until(border);
  Monitor::Sums sums;
  for (const WorkerWatch& worker : workers_) sums.workers.push_back(worker.until(border));
  for (const BalancerWatch& balancer : balancers_) balancer.add_until(border, sums);
  return sums;
}

void Monitors::report_batch(std::size_t first, std::size_t last, double seconds,
                            ReplicationRecord& record) const {
  report_between(until(first), until(last), seconds, record);
}

void Monitors::report(TimePoint end, ReplicationRecord& record) {
  if (alone_) return alone_->report(end, record);
  for (WorkerWatch& worker : workers_) record.workers.push_back(worker.figures(end));
  for (BalancerWatch& balancer : balancers_) balancer.report(end, record);
}

}  // namespace weir::sim
