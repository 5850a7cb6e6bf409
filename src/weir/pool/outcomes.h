// Outcomes: the way of a pool's outcomes to their reader, as they come or in order of submission.
//
// In order, each job carries a channel for its own outcome, and the receiving ends of these pass
// through a channel in the order of the jobs, to a task that forwards what comes out of one after
// another. So workers never wait for each other, and the number of places is bounded. Turned down:
// numbers and a table of what came too early; the channels are that table.

#pragma once

#include <cstddef>
#include <source_location>
#include <utility>
#include <vector>

#include "weir/runtime/go.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::pool {

template <class Outcome>
class Outcomes {
 public:
  // Where one job's outcome goes; nil unless outcomes are put in order.
  using Reply = Channel<Outcome>;

  // With `places_max` jobs between submission and reading at a time; 0: outcomes as they come.
  Outcomes(std::size_t results_max, std::size_t places_max, std::source_location where)
      : results_(make_channel<Outcome>(results_max, where)) {
    if (places_max > 0) places_ = make_channel<Reply>(places_max, where);
  }

  bool ordered() const { return static_cast<bool>(places_); }
  const Channel<Outcome>& results() const { return results_; }

  // The replies of the jobs, in order. Nil unless ordered.
  const Channel<Reply>& places() const { return places_; }

  // Says that no place follows.
  void close() const {
    if (ordered()) places_.close();
  }

  // Hands an outcome over; if `context` is cancelled and there is no room, it is dropped.
  Task<> deliver(Context context, Outcome outcome, Reply reply) const {
    const Channel<Outcome>& target = reply ? reply : results_;
    if (!target.try_send(outcome)) co_await target.send(context, std::move(outcome));
  }

  // Says that a job has no outcome.
  static void skip(const Reply& reply) {
    if (reply) reply.close();
  }

  // The task that closes the results when none follows: the workers have ended, or `context` is
  // cancelled and there are places left. Owns all that it uses.
  Task<> finish(Context context, std::vector<TaskHandle> workers) const {
    if (ordered()) return forward(std::move(context), places_, results_);
    return close_after(std::move(workers), results_);
  }

 private:
  static Task<> close_after(std::vector<TaskHandle> workers, Channel<Outcome> results) {
    for (const TaskHandle& worker : workers) co_await worker.join();
    results.close();
  }

  static Task<> forward(Context context, Receiver<Reply> places, Channel<Outcome> results) {
    while (auto reply = co_await places.receive(context)) {
      auto outcome = co_await reply->receive(context);
      if (outcome) co_await results.send(context, *std::move(outcome));
    }
    results.close();
  }

  Channel<Outcome> results_;
  Channel<Reply> places_;
};

}  // namespace weir::pool
