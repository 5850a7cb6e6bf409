// An attempt in the hands of a worker that is one task and serves many side by side.
//
// Such a worker decides itself which of its attempts gets on and when each is over: one that shares
// a processor among them, or that can crash. It takes jobs from a JobSource in a select of its own,
// answers or loses each, and reports it to the balancer, once.

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
  Job(std::shared_ptr<BalancerCore> core, std::unique_ptr<Envelope> attempt)
      : core_(std::move(core)), attempt_(std::move(attempt)) {
    attempt_->timing.started = now();
  }

  const Query& query() const { return typed().query; }
  const balance::Request& request() const { return attempt_->request; }
  const Context& context() const { return attempt_->context; }  // ends when the caller leaves

  // Ends the service; the caller gets the outcome. Never parks.
  void answer(std::expected<Answer, Failure> outcome) {
    end(outcome.has_value());
    typed().answer(std::move(outcome));
  }

  // Ends the service; the caller hears nothing. It may be answered later, by reply().
  void end(bool success) {
    attempt_->timing.finished = now();
    finished_ = BalancerCore::Finished::of(*attempt_, success);
  }

  // The caller's answer for a job that has ended without one.
  void reply(std::expected<Answer, Failure> outcome) { typed().answer(std::move(outcome)); }

  // Tells the balancer that the slot is free; false if it has no room for the news, and
  // report() is to be awaited instead. Requires: the service has ended; called once.
  bool try_report() const { return core_->try_report(finished_); }
  Task<> report() const { return core_->report(finished_); }

 private:
  Attempt<Query, Answer>& typed() const { return static_cast<Attempt<Query, Answer>&>(*attempt_); }

  std::shared_ptr<BalancerCore> core_;
  std::unique_ptr<Envelope> attempt_;
  BalancerCore::Finished finished_{};
};

// Where the worker's jobs come from. Closed when the balancer has ended or the worker was removed.
template <class Query, class Answer>
class JobSource {
 public:
  JobSource(std::shared_ptr<BalancerCore> core, Receiver<std::unique_ptr<Envelope>> inbox)
      : core_(std::move(core)), inbox_(std::move(inbox)) {}

  // A select case that fires when there is a job, or never will be one again.
  auto next() const { return receive_from(inbox_); }

  // The job of a case that has fired, and is not false.
  template <class Case>
  Job<Query, Answer> take(Case& fired) const {
    return Job<Query, Answer>(core_, *std::move(fired));
  }

 private:
  std::shared_ptr<BalancerCore> core_;
  Receiver<std::unique_ptr<Envelope>> inbox_;
};

}  // namespace weir::rpc
