// WorkerPool: a fixed number of workers that serve one bounded queue of jobs.
//
//   WorkerPool<Query, Answer> pool(context, search, {.workers = 8});
//   co_await pool.submit(context, query);                    parks while the queue is full
//   pool.close();                                            no job follows
//   while (auto outcome = co_await results.receive()) …      Receiver<…> results = pool.results()
//   co_await pool.wait();                                    all workers have ended
//
// Each job goes down the channel of jobs to one worker, and its outcome up the channel of results;
// both are bounded, so whoever does not read results soon stops those that submit. Read results in
// another task than the one that submits, or leave room for all of them.
//
// A worker whose job submits to a full queue of its own pool serves that job itself, at once:
// waiting, it would wait for itself. Not so in order of submission, where the job needs a place,
// nor if the job has another task submit for it; those wait, and when nothing else can happen the
// run ends with a Deadlock that names them.
//
// Owns its tasks and has to be waited for. Every task may submit; one closes, one waits.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/base/check.h"
#include "weir/pool/figures.h"
#include "weir/pool/job_function.h"
#include "weir/pool/outcomes.h"
#include "weir/pool/send_in_time.h"
#include "weir/pool/worker_pool_options.h"
#include "weir/runtime/go.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/task_group.h"

namespace weir::pool {

// Result is void for jobs that only have effects: then there is no channel of results.
template <class Job, class Result = void>
class WorkerPool {
 public:
  using Outcome = std::expected<Result, std::exception_ptr>;
  using Submitted = std::expected<void, Unsent<Job>>;
  using Place = std::source_location;

  // Starts the workers. `serve` is called by several of them at the same time, with a context that
  // is cancelled with `context`, by cancel() and as OnFailure says. Requires: called in a task;
  // workers > 0.
  template <ServesJob<Job, Result> F>
  WorkerPool(const Context& context, F serve, const WorkerPoolOptions& options = {},
             Place where = Place::current());
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Parks until the queue has room. The job comes back if `context` or the pool is cancelled first.
  // Requires: not closed before the task has ended.
  Task<Submitted> submit(Context context, const Job& job, Place where = Place::current()) {
    return enqueue(std::move(context), Job(job), where);
  }
  Task<Submitted> submit(Context context, Job&& job, Place where = Place::current()) {
    static_assert(temporary_is_safe<Job>,
                  "g++ 12 destroys an aggregate temporary in a co_await expression twice: give the "
                  "job a name first, then submit(context, moved(name))");
    return enqueue(std::move(context), std::move(job), where);
  }
  Task<Submitted> submit(Context context, Moved<Job> job, Place where = Place::current()) {
    return enqueue(std::move(context), job.take(), where);
  }

  // True if the queue had room; else the job is left as it was. Any thread. Requires: not closed.
  [[nodiscard]] bool try_submit(Job& job);
  [[nodiscard]] bool try_submit(Job&& job) { return try_submit(job); }

  // Says that no job follows: workers end when the queue is empty. Requires: not closed, and no
  // submit is under way.
  void close();

  // Tells jobs under way to stop by their context, and drops those in the queue.
  void cancel() const { scope_.cancel(); }

  // The outcomes; closes when none follows. After a cancellation, outcomes that find no room at
  // once are dropped, and in order of submission all that follow.
  Receiver<Outcome> results() const
    requires(!std::is_void_v<Result>)
  {
    return outcomes_.results();
  }

  // Parks until all workers have ended, which takes close() or a cancellation; throws what
  // OnFailure says.
  Task<> wait();

  // close() and wait().
  Task<> drain() {
    close();
    return wait();
  }

  // Any task may ask, at any time. Cost: two channel operations a worker.
  Task<Figures> figures() const { return tally_.sum(jobs_.size()); }

 private:
  using Reply = Channel<Outcome>;

  struct Entry {
    explicit Entry(Job its_job) : job(std::move(its_job)) {}
    Job job;
    Reply reply;
  };

  static constexpr bool has_results = !std::is_void_v<Result>;

  // Enough that the queue can be full and every worker busy.
  static std::size_t places_max(const WorkerPoolOptions& options) {
    const bool ordered = has_results && options.order == ResultOrder::as_submitted;
    return ordered ? options.queue_max + options.workers : 0;
  }

  bool stopped(const Context& context) const {
    return context.cancelled() || scope_.context.cancelled();
  }

  std::optional<std::size_t> worker_running() const;

  Task<Submitted> enqueue(Context context, Job job, Place where);

  Task<> work(std::size_t worker);
  Task<> serve_job(std::size_t worker, Entry entry);
  Task<Outcome> outcome_of(Job job);
  Task<> deliver(Outcome outcome, Reply reply);
  void keep_failure(const std::exception_ptr& failure);

  // Constant after construction.
  const WorkerPoolOptions options_;
  const JobFunction<Job, Result> function_;
  const CancelScope scope_;
  const Channel<Entry> jobs_;
  const Channel<std::exception_ptr> first_failure_;
  const Outcomes<Outcome> outcomes_;
  Tally tally_;  // of each worker, and of the pool's owner
  std::vector<TaskHandle> workers_;

  TaskGroup group_;
};

template <class Job, class Result>
template <ServesJob<Job, Result> F>
WorkerPool<Job, Result>::WorkerPool(const Context& context, F serve,
                                    const WorkerPoolOptions& options, Place where)
    : options_(options),
      function_(job_function<Job, Result>(std::move(serve))),
      scope_(with_cancel(context)),
      jobs_(make_channel<Entry>(options.queue_max, where)),
      first_failure_(make_channel<std::exception_ptr>(1, where)),
      outcomes_(options.results_max, places_max(options), where),
      tally_(options.workers + 1),
      group_(scope_.context) {
  WEIR_CHECK(options.workers > 0, "a pool without workers would never serve a job");
  workers_.reserve(options.workers);
  for (std::size_t i = 0; i < options.workers; ++i) {
    workers_.push_back(group_.go(work(i), where));
  }
  group_.go(outcomes_.finish(scope_.context, workers_), where);
}

// What a worker knows of a job is behind the channel of jobs, and so is this list.
template <class Job, class Result>
std::optional<std::size_t> WorkerPool<Job, Result>::worker_running() const {
  const auto self = std::ranges::find(workers_, running.task, &TaskHandle::record);
  if (self == workers_.end()) return std::nullopt;
  return static_cast<std::size_t>(self - workers_.begin());
}

template <class Job, class Result>
auto WorkerPool<Job, Result>::enqueue(Context context, Job job, Place where) -> Task<Submitted> {
  Entry entry(std::move(job));
  if (outcomes_.ordered()) {
    entry.reply = make_channel<Outcome>(1, where);
    auto refused =
        co_await send_in_time(context, scope_.context, outcomes_.places(), entry.reply, where);
    if (refused) co_return std::unexpected(Unsent<Job>(std::move(entry.job)));
  } else if (const auto self = worker_running(); self && !stopped(context)) {
    if (!jobs_.try_send(entry)) co_await serve_job(*self, std::move(entry));
    co_return Submitted();
  }
  auto back =
      co_await send_in_time(std::move(context), scope_.context, jobs_, std::move(entry), where);
  if (!back) co_return Submitted();
  outcomes_.skip(back->reply);
  co_return std::unexpected(Unsent<Job>(std::move(back->job)));
}

template <class Job, class Result>
bool WorkerPool<Job, Result>::try_submit(Job& job) {
  if (scope_.context.cancelled()) return false;
  Entry entry(std::move(job));
  const bool ordered = outcomes_.ordered();
  if (ordered) entry.reply = make_channel<Outcome>(1);
  const bool placed = !ordered || outcomes_.places().try_send(Reply(entry.reply));
  if (placed && jobs_.try_send(entry)) return true;
  if (placed) outcomes_.skip(entry.reply);
  std::destroy_at(&job);
  std::construct_at(&job, std::move(entry.job));
  return false;
}

template <class Job, class Result>
void WorkerPool<Job, Result>::close() {
  jobs_.close();
  outcomes_.close();
}

template <class Job, class Result>
Task<> WorkerPool<Job, Result>::wait() {
  co_await group_.wait();
  scope_.cancel();
  std::uint64_t dropped = 0;
  while (jobs_.try_receive()) ++dropped;
  co_await tally_.count(options_.workers, &WorkerFigures::dropped, dropped);
  if (auto failure = first_failure_.try_receive()) std::rethrow_exception(*failure);
}

template <class Job, class Result>
Task<> WorkerPool<Job, Result>::work(std::size_t worker) {
  const Context& context = scope_.context;
  while (!context.cancelled()) {
    auto entry = jobs_.try_receive();
    if (!entry) entry = co_await jobs_.receive(context);
    if (!entry) co_return;
    co_await serve_job(worker, *std::move(entry));
  }
}

template <class Job, class Result>
Task<> WorkerPool<Job, Result>::serve_job(std::size_t worker, Entry entry) {
  co_await tally_.count(worker, &WorkerFigures::begun);
  auto served = outcome_of(std::move(entry.job));  // Named: the job may be an aggregate (g++ 12).
  Outcome outcome = co_await served;
  co_await tally_.count(worker, outcome ? &WorkerFigures::completed : &WorkerFigures::failed);
  co_await deliver(std::move(outcome), std::move(entry.reply));
}

template <class Job, class Result>
auto WorkerPool<Job, Result>::outcome_of(Job job) -> Task<Outcome> {
  try {
    auto task = function_(scope_.context, std::move(job));
    if constexpr (has_results) {
      co_return Outcome(co_await task);
    } else {
      co_await task;
      co_return Outcome();
    }
  } catch (...) {
    co_return std::unexpected(std::current_exception());
  }
}

template <class Job, class Result>
void WorkerPool<Job, Result>::keep_failure(const std::exception_ptr& failure) {
  (void)first_failure_.try_send(std::exception_ptr(failure));
  if (options_.on_failure == OnFailure::stop) scope_.cancel(Cause(Reason::failed));
}

// Hands an outcome over, unless wait() will throw it.
template <class Job, class Result>
Task<> WorkerPool<Job, Result>::deliver(Outcome outcome, Reply reply) {
  const bool kept = !outcome && (!has_results || options_.on_failure == OnFailure::stop);
  if (kept) keep_failure(outcome.error());
  if (kept) {
    outcomes_.skip(reply);
  } else if (has_results) {
    co_await outcomes_.deliver(scope_.context, std::move(outcome), std::move(reply));
  }
}

}  // namespace weir::pool
