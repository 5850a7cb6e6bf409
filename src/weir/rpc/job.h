// An attempt in the hands of a worker that is one task and serves many side by side.
//
// Such a worker decides itself which of its attempts gets on and when each is over: one that shares
// a processor among them, or that can crash. It takes jobs from a JobSource in a select of its own,
// ends each, with an answer or without, and reports that to the balancer, once.

#pragma once

#include <expected>
#include <memory>
#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/runtime/this_task.h"

namespace weir::rpc {

template <class Query, class Answer>
class Job {
 public:
  // What the balancer is to hear of the end.
  using Ended = BalancerCore::Finished;

  // The service begins.
  explicit Job(std::unique_ptr<Envelope> attempt) : attempt_(std::move(attempt)) {
    attempt_->timing.started = now();
  }

  const Query& query() const { return typed().query; }
  const balance::Request& request() const { return attempt_->request; }
  std::uint16_t balancer() const { return attempt_->balancer; }
  TimePoint started() const { return attempt_->timing.started; }
  const Context& context() const { return attempt_->context; }  // ends when the caller leaves

  // Ends the service; the caller gets the outcome. Neither call parks.
  [[nodiscard]] Ended answer(std::expected<Answer, Failure> outcome) {
    const Ended ended = end(outcome.has_value());
    reply(std::move(outcome));
    return ended;
  }

  // Ends the service; the caller hears nothing, or later, by reply().
  [[nodiscard]] Ended end(bool success) {
    attempt_->timing.finished = now();
    return Ended::of(*attempt_, success);
  }

  // The caller's answer for a job that has ended without one. Never parks.
  void reply(std::expected<Answer, Failure> outcome) { typed().answer(std::move(outcome)); }

 private:
  Attempt<Query, Answer>& typed() const { return static_cast<Attempt<Query, Answer>&>(*attempt_); }

  std::unique_ptr<Envelope> attempt_;
};

// Where the worker's jobs come from, and where news of them goes. Closed when the balancer has
// ended or the worker was removed.
template <class Query, class Answer>
class JobSource {
 public:
  using Ended = typename Job<Query, Answer>::Ended;

  JobSource(Shared<BalancerCore> core, WorkerHandle worker,
            Receiver<std::unique_ptr<Envelope>> inbox)
      : core_(std::move(core)), worker_(std::move(worker)), inbox_(std::move(inbox)) {}

  // A select case that fires when there is a job, or never will be one again.
  auto next() const { return receive_from(inbox_); }

  // The job of a case that has fired, and is not false.
  template <class Case>
  Job<Query, Answer> take(Case& fired) const {
    return Job<Query, Answer>(*std::move(fired));
  }

  // Tells the balancer that a job has ended and its slot is free. The first gives false if it would
  // have to park.
  bool try_report(const Ended& ended) const { return core_->try_report(ended); }
  Task<> report(Ended ended) const { return core_->report(ended); }

  // The worker itself, which may have news for the balancer.
  const WorkerHandle& worker() const { return worker_; }

 private:
  Shared<BalancerCore> core_;
  WorkerHandle worker_;
  Receiver<std::unique_ptr<Envelope>> inbox_;
};

}  // namespace weir::rpc
