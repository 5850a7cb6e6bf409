// The worker's side of a call: a task for each slot, which serves what comes into the inbox.

#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/runtime/this_task.h"

namespace weir::rpc {

template <class T, class Answer>
concept GivesAnswer =
    std::same_as<T, Task<Answer>> || std::same_as<T, Task<std::expected<Answer, Failure>>>;

// A function that serves, serve(Context, Query), and may also ask which attempt it is by a third
// parameter: serve(Context, Query, balance::Request). It gives an Answer, or an expected one.
template <class F, class Query, class Answer>
concept Serves = requires(F& serve, Context context, Query query) {
  { serve(std::move(context), std::move(query)) } -> GivesAnswer<Answer>;
} || requires(F& serve, Context context, Query query, balance::Request request) {
  { serve(std::move(context), std::move(query), request) } -> GivesAnswer<Answer>;
};

template <class Query, class Answer, class F>
auto begin_to_serve(F& serve, Attempt<Query, Answer>& attempt) {
  if constexpr (requires { serve(attempt.context, std::move(attempt.query), attempt.request); }) {
    return serve(attempt.context, std::move(attempt.query), attempt.request);
  } else {
    return serve(attempt.context, std::move(attempt.query));
  }
}

// One slot of a worker: serves what comes into the inbox until that is closed. What leaves the
// worker's function as an exception is the attempt's failure.
template <class Query, class Answer, class F>
Task<> serve_inbox(Shared<BalancerCore> core, Receiver<std::unique_ptr<Envelope>> inbox, F serve) {
  while (auto received = co_await inbox.receive()) {
    auto& attempt = static_cast<Attempt<Query, Answer>&>(**received);
    attempt.timing.started = now();
    std::optional<std::expected<Answer, Failure>> outcome;
    try {
      auto task = begin_to_serve(serve, attempt);
      auto result = co_await task;
      outcome.emplace(std::move(result));
    } catch (...) {
      outcome.emplace(std::unexpected(Failure(std::current_exception())));
    }
    attempt.timing.finished = now();
    const auto finished = BalancerCore::Finished::of(attempt, outcome->has_value());
    const bool lost = !outcome->has_value() && outcome->error().is_lost();
    if (!lost) attempt.answer(*std::move(outcome));
    received.reset();
    if (!core->try_report(finished)) co_await core->report(finished);
  }
}

}  // namespace weir::rpc
