// Balancer<Query, Answer>: requests that carry their data and a reply channel, spread over workers.
//
//   rpc::Balancer<Query, Answer> balancer(context, {.queue = {.limit = 64}});
//   balancer.add_worker({.name = "a", .weight = 2}, serve);  // Task<Answer> serve(Context, Query)
//   auto answer = co_await balancer.call(context, query);    // an expected Answer, or Failure
//   co_await balancer.drain(context);
//
// The walk of one request: call() wraps the query with a reply channel of its own and sends it to
// the balancer's task; that lets the policy pick, and hands it to the worker when a slot is free; a
// task of the worker serves it under the attempt's context and answers on the reply channel, then
// tells the balancer. Time limits and retries wrap the walk on the caller's side. Nobody shares
// state with anybody.
//
// The reply channel has room for the one answer, so a worker never waits for a caller that has
// left: such a reply is late, and counted. What a worker serves it serves to the end, unless its
// function looks at its context.

#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/rpc/call.h"
#include "weir/rpc/exchange.h"
#include "weir/rpc/job.h"
#include "weir/rpc/serve_inbox.h"
#include "weir/runtime/go.h"
#include "weir/sync/sleep.h"

namespace weir::rpc {

template <class Query, class Answer>
class Balancer {
 public:
  using Outcome = std::expected<Answer, Failure>;

  // Starts the balancer's task on the scheduler of the running task.
  explicit Balancer(const Context& context, BalancerOptions options = {},
                    std::source_location where = std::source_location::current())
      : core_(new BalancerCore(context, std::move(options))) {
    go(BalancerCore::run(core_), where);
  }

  // Tells the balancer to stop, without waiting for it.
  ~Balancer() { stop(); }
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;

  // Adds a worker that serves with tasks of its own, each with a copy of `serve`. Never parks; the
  // worker gets requests as soon as the balancer's task has heard of it.
  template <class F>
    requires Serves<F, Query, Answer>
  WorkerHandle add_worker(WorkerOptions options, F serve,
                          std::source_location where = std::source_location::current()) {
    WEIR_CHECK(options.concurrency > 0, "a worker was added that serves nothing at a time");
    const std::uint32_t slots = slots_of(options);
    auto inbox = make_channel<std::unique_ptr<Envelope>>(slots);
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
      go(serve_inbox<Query, Answer>(core_, Receiver<std::unique_ptr<Envelope>>(inbox), serve),
         where);
    }
    auto card = std::make_shared<WorkerCard>();
    core_->join(std::move(options), std::move(inbox), card);
    return WorkerHandle(core_, std::move(card));
  }

  // Adds a worker that is one task for all that it serves side by side: serve(JobSource) gives the
  // task, which ends when its source is closed and its jobs are over. Never parks.
  template <class F>
    requires std::is_invocable_r_v<Task<>, F, JobSource<Query, Answer>>
  WorkerHandle add_worker_task(WorkerOptions options, F serve,
                               std::source_location where = std::source_location::current()) {
    WEIR_CHECK(options.concurrency > 0, "a worker was added that serves nothing at a time");
    auto inbox = make_channel<std::unique_ptr<Envelope>>(slots_of(options));
    auto card = std::make_shared<WorkerCard>();
    WorkerHandle worker(core_, card);
    go(serve(JobSource<Query, Answer>(core_, worker, Receiver<std::unique_ptr<Envelope>>(inbox))),
       where);
    core_->join(std::move(options), std::move(inbox), std::move(card));
    return worker;
  }

  // Gives the answer, or why there is none: it has failed, `context` ended, or it was rejected.
  // Under g++ 12 an aggregate query needs a name: call(context, query), or call(context,
  // moved(query)) to give it away.
  Task<Outcome> call(const Context& context, const Query& query, CallOptions options = {}) {
    return attempts<Outcome>(core_, context, Query(query), options);
  }
  Task<Outcome> call(const Context& context, Query&& query, CallOptions options = {}) {
    static_assert(temporary_is_safe<Query>,
                  "g++ 12 destroys an aggregate temporary in a co_await expression twice: give the "
                  "query a name and pass that, or moved(name)");
    return attempts<Outcome>(core_, context, std::move(query), options);
  }
  Task<Outcome> call(const Context& context, Moved<Query> query, CallOptions options = {}) {
    return attempts<Outcome>(core_, context, query.take(), options);
  }

  // The same with all that happened on the way.
  Task<Trace<Answer>> trace(const Context& context, const Query& query, CallOptions options = {}) {
    return attempts<Trace<Answer>>(core_, context, Query(query), options);
  }
  Task<Trace<Answer>> trace(const Context& context, Query&& query, CallOptions options = {}) {
    static_assert(temporary_is_safe<Query>,
                  "g++ 12 destroys an aggregate temporary in a co_await expression twice: give the "
                  "query a name and pass that, or moved(name)");
    return attempts<Trace<Answer>>(core_, context, std::move(query), options);
  }
  Task<Trace<Answer>> trace(const Context& context, Moved<Query> query, CallOptions options = {}) {
    return attempts<Trace<Answer>>(core_, context, query.take(), options);
  }

  // Changes BalancerOptions::stale; parks until the balancer's task has room for the message.
  Task<> set_stale(Duration period) { return change_staleness(core_, period); }

  // Adds a worker that other balancers have too: a task of the caller's that takes the attempts of
  // all of them out of one inbox, and keeps a line of its own. It is sent whatever it would have
  // room for if this balancer were alone, and may refuse. What comes back says where this
  // balancer's attempts (Envelope::balancer) are reported. The inbox is closed by its owner, once
  // all balancers have ended. Requires: options.queue does not block. Never parks.
  JobSource<Query, Answer> add_shared_worker(WorkerOptions options,
                                             Channel<std::unique_ptr<Envelope>> inbox) {
    WEIR_CHECK(options.concurrency > 0, "a worker was added that serves nothing at a time");
    options.shared = true;
    auto card = std::make_shared<WorkerCard>();
    JobSource<Query, Answer> source(core_, WorkerHandle(core_, card),
                                    Receiver<std::unique_ptr<Envelope>>(inbox));
    core_->join(std::move(options), std::move(inbox), std::move(card));
    return source;
  }

  // Takes no further calls and fails those that wait; what is being served is finished. Never
  // parks.
  void stop() { core_->stop(); }

  // Takes no further calls and parks until all that wait and are served have been answered; true
  // then. False if `context` ends first: then those that still wait are failed.
  Task<bool> drain(Context context) { return drain_core(core_, std::move(context)); }

 private:
  using Core = Shared<BalancerCore>;

  static Task<> change_staleness(Core core, Duration period) { co_await core->set_stale(period); }

  static Task<bool> drain_core(Core core, Context context) {
    co_await core->drain();
    auto ended = weir::done(core->ended());
    auto given_up = weir::done(context);
    const int chosen = co_await select_first(ended, given_up);
    if (chosen == 1) core->stop();
    co_return chosen == 0;
  }

  // Result: the outcome alone, or the trace that holds it.
  template <class Result>
  static Task<Result> attempts(Core core, Context context, Query query, CallOptions options);

  const Core core_;
};

// The caller's side of a call: one try after the other, until one is answered or none may follow.
// An attempt that has only a channel before it, the usual one, is made here, and costs no frame of
// its own.
template <class Query, class Answer>
template <class Result>
Task<Result> Balancer<Query, Answer>::attempts(Core core, Context context, Query query,
                                               CallOptions options) {
  const RetryOptions& retry = options.retry != nullptr ? *options.retry : core->options().retry;
  Trace<Answer> trace;
  std::vector<balance::WorkerId> tried;
  std::optional<Random> jitter;
  const bool is_plain = !core->has_passage() && options.is_plain();
  for (std::uint32_t number = 0;; ++number) {
    const bool last = number == retry.max;
    std::optional<CancelScope> scope;
    const TimePoint deadline = std::min(options.deadline, retry.attempt_deadline(now()));
    if (deadline != time_never) scope.emplace(with_deadline(context, deadline));
    const Context& attempt_context = scope ? scope->context : context;
    SentTo sent_to;
    if (retry.attempt_timeout && !last) sent_to = make_latest(balance::WorkerId());

    if (!is_plain) {
      const bool made = co_await Exchange<Query, Answer>::run(*core, attempt_context, query, last,
                                                              options, number, tried, trace);
      if (!made) break;  // The outcome stays that of the attempt before.
    } else {
      auto reply = make_channel<Reply<Answer>>(1);
      auto envelope = Exchange<Query, Answer>::wrap(query, last, reply);
      const auto request = request_of(options, number, kind_of_try(number), attempt_context);
      envelope->describe(request, attempt_context, options.account, tried);
      envelope->sent_to = sent_to;
      std::optional<Failure> lost;
      if (!core->try_submit(envelope)) {
        lost = co_await core->submit(std::move(envelope), attempt_context);
      }
      if (!lost) {
        std::optional<Reply<Answer>> answer;
        if (attempt_context.can_end()) {
          auto received = co_await reply.receive(attempt_context);
          if (received) answer.emplace(*std::move(received));
        } else {
          answer = co_await reply.receive();
        }
        if (!answer) {
          lost.emplace(ended_by(attempt_context));
          if (!core->try_leave(reply)) co_await core->leave(ChannelHandle::of(reply));
        } else if (answer->refused_retry()) {
          break;  // Likewise.
        } else {
          trace.add(*std::move(answer));
        }
      }
      if (lost) trace.add(*std::move(lost), worker_of(sent_to));
    }
    if (scope) scope->cancel();
    if (trace.outcome || last || end_of(context, options.deadline)) break;
    if (!retry.covers(trace.outcome.error())) break;
    if (trace.timing.worker) tried.push_back(*trace.timing.worker);
    if (!jitter) jitter.emplace(stream_of("backoff", options.id));
    const Duration pause = retry.backoff.pause(number + 1, *jitter);
    const bool rested = co_await sleep(context, std::min(pause, options.deadline - now()));
    if (!rested || now() >= options.deadline) break;
  }
  // A call that is over has ended so, whatever its last attempt came to.
  if (!trace.outcome) {
    if (auto end = end_of(context, options.deadline)) trace.outcome = std::unexpected(*end);
  }
  if constexpr (std::same_as<Result, Trace<Answer>>) {
    co_return std::move(trace);
  } else {
    co_return std::move(trace.outcome);
  }
}

}  // namespace weir::rpc
