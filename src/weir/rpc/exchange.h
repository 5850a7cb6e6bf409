// One try of a call where a channel alone does not do: an attempt with a passage before it, and
// hedges that race it.
//
// Each attempt of a race is a task of its own. The first good answer wins; then the context of the
// others is cancelled, so that they leave their lines, and the race ends when they have: nothing of
// a call outlives it. An attempt that fails while others are under way is not the end, one that
// fails alone is, and then a retry may follow.

#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/rpc/balancer_core.h"
#include "weir/rpc/call.h"
#include "weir/rpc/passage.h"
#include "weir/sync/select.h"
#include "weir/sync/wait_group.h"

namespace weir::rpc {

template <class Query, class Answer>
class Exchange {
 public:
  using Workers = std::vector<balance::WorkerId>;

  // Makes try `number` of a call, the last one or not, and adds its attempts to `trace`. False if
  // it was a retry that the budget did not cover. Requires: what is referred to outlives the task.
  static Task<bool> run(BalancerCore& core, const Context& context, Query& query, bool last,
                        CallOptions options, std::uint32_t number, const Workers& tried,
                        Trace<Answer>& trace);

  // The query moves into its last attempt, the others get copies.
  static std::unique_ptr<Envelope> wrap(Query& query, bool last,
                                        const Channel<Reply<Answer>>& reply) {
    return std::make_unique<Attempt<Query, Answer>>(taken(query, last), reply);
  }

 private:
  static Query taken(Query& query, bool last) {
    if (last) return std::move(query);
    if constexpr (std::is_copy_constructible_v<Query>) return Query(query);
    check_failed("last", "retries or hedges were asked for, but the query cannot be copied");
  }

  // What the attempts of one race share. Owned by the try's task, which outlives theirs.
  struct Race {
    Race(BalancerCore& balancer, const Context& context, const CallOptions& call, Workers avoided)
        : core(balancer),
          options(call),
          scope(with_cancel(context)),
          finished(make_channel<Reply<Answer>>(1 + call.hedge->max)),
          tried(std::move(avoided)) {}

    BalancerCore& core;
    const CallOptions& options;
    CancelScope scope;
    Channel<Reply<Answer>> finished;
    Workers tried;
    std::vector<SentTo> sent_to{};  // by attempt
    WaitGroup running{};
    std::uint32_t refused = 0;  // by the budget: no attempts at all
  };

  static Task<bool> run_race(BalancerCore& core, const Context& context, Query& query,
                             CallOptions options, std::uint32_t number, const Workers& tried,
                             Trace<Answer>& trace);
  static Task<std::optional<Reply<Answer>>> first_good(Race& race, Query& query,
                                                       std::uint32_t number);
  static void launch(Race& race, Query& query, std::uint32_t number);
  static Task<> take_part(Race& race, Query query, balance::Request request, Workers tried,
                          SentTo sent_to);
  static Task<Reply<Answer>> attempt(BalancerCore& core, const Context& context, Query query,
                                     const CallOptions& options, balance::Request request,
                                     const Workers& tried, SentTo sent_to);
  static Reply<Answer> lost(Failure failure, std::optional<balance::WorkerId> worker);
};

template <class Query, class Answer>
Task<bool> Exchange<Query, Answer>::run(BalancerCore& core, const Context& context, Query& query,
                                        bool last, CallOptions options, std::uint32_t number,
                                        const Workers& tried, Trace<Answer>& trace) {
  if (options.hedge != nullptr) {
    const bool made = co_await run_race(core, context, query, options, number, tried, trace);
    co_return made;
  }
  const auto request = request_of(options, number, kind_of_try(number), context);
  const auto sent_to = make_latest(balance::WorkerId());
  auto one = attempt(core, context, taken(query, last), options, request, tried, sent_to);
  auto reply = co_await one;
  if (reply.refused_retry()) co_return false;
  trace.add(std::move(reply));
  co_return true;
}

// From the caller to the balancer, and back. A failure without an answer is a reply, too.
template <class Query, class Answer>
Task<Reply<Answer>> Exchange<Query, Answer>::attempt(BalancerCore& core, const Context& context,
                                                     Query query, const CallOptions& options,
                                                     balance::Request request, const Workers& tried,
                                                     SentTo sent_to) {
  Passage passage(core, context, request, options);
  auto failure = co_await passage.there();
  if (failure) co_return lost(*std::move(failure), std::nullopt);
  auto reply = make_channel<Reply<Answer>>(1);
  auto envelope = wrap(query, true, reply);
  const bool withdraws = options.served_under == nullptr;
  envelope->describe(request, withdraws ? context : *options.served_under, options.account, tried);
  envelope->sent_to = sent_to;
  if (!core.try_submit(envelope)) failure = co_await core.submit(std::move(envelope), context);
  if (failure) co_return lost(*std::move(failure), std::nullopt);
  auto answer = co_await reply.receive(context);
  if (!answer) {
    if (withdraws && !core.try_leave(reply)) co_await core.leave(ChannelHandle::of(reply));
    co_return lost(ended_by(context), worker_of(sent_to));
  }
  failure = co_await passage.back();
  if (failure) co_return lost(*std::move(failure), answer->timing.worker);
  co_return *std::move(answer);
}

template <class Query, class Answer>
Reply<Answer> Exchange<Query, Answer>::lost(Failure failure,
                                            std::optional<balance::WorkerId> worker) {
  Timing timing;
  timing.worker = worker;
  return Reply<Answer>(std::unexpected(std::move(failure)), timing);
}

template <class Query, class Answer>
Task<bool> Exchange<Query, Answer>::run_race(BalancerCore& core, const Context& context,
                                             Query& query, CallOptions options,
                                             std::uint32_t number, const Workers& tried,
                                             Trace<Answer>& trace) {
  const TimePoint begin = now();
  Race race(core, context, options, tried);
  auto best = co_await first_good(race, query, number);
  race.scope.cancel();
  co_await race.running.wait();
  while (auto late = race.finished.try_receive()) race.refused += late->refused_retry() ? 1 : 0;
  const auto made = static_cast<std::uint32_t>(race.sent_to.size()) - race.refused;
  if (!best) co_return false;
  const bool completed = best->outcome.has_value();
  trace.add(*std::move(best));
  trace.attempts += made - 1;
  trace.hedges += made - 1;
  if (completed && options.hedge->seen) co_await options.hedge->seen.add(now() - begin);
  co_return true;
}

// The first good answer, else the last failure; nothing if the budget refused the very first.
template <class Query, class Answer>
Task<std::optional<Reply<Answer>>> Exchange<Query, Answer>::first_good(Race& race, Query& query,
                                                                       std::uint32_t number) {
  const HedgeOptions& hedge = *race.options.hedge;
  const TimePoint begin = now();
  std::optional<Duration> after = hedge.after;
  if (!after) after = co_await hedge.seen.value();
  std::optional<Reply<Answer>> best;
  launch(race, query, number);
  for (std::uint32_t pending = 1; pending > 0;) {
    const std::size_t launched = race.sent_to.size();
    const bool may_follow = after && launched <= hedge.max;
    const TimePoint next = may_follow
                               ? saturating_add(begin, *after * static_cast<std::int64_t>(launched))
                               : time_never;
    auto finished = receive_from(race.finished);
    auto late = until(next);
    const int chosen = co_await select_first(finished, late);
    if (chosen == 1) {
      launch(race, query, number);
      ++pending;
      continue;
    }
    --pending;
    Reply<Answer> reply = *std::move(finished);
    if (reply.refused_retry()) {
      ++race.refused;
      continue;
    }
    best.emplace(std::move(reply));
    if (best->outcome) break;
  }
  co_return std::move(best);
}

// Starts the next attempt of the race, at a worker that the others have not been sent to.
template <class Query, class Answer>
void Exchange<Query, Answer>::launch(Race& race, Query& query, std::uint32_t number) {
  Workers tried = race.tried;
  for (const SentTo& sent_to : race.sent_to) {
    if (const auto worker = worker_of(sent_to)) tried.push_back(*worker);
  }
  const auto index = static_cast<std::uint32_t>(race.sent_to.size());
  const std::uint32_t attempt_number = number * (1 + race.options.hedge->max) + index;
  const auto kind = index == 0 ? kind_of_try(number) : balance::AttemptKind::hedge;
  const auto request = request_of(race.options, attempt_number, kind, race.scope.context);
  race.sent_to.push_back(make_latest(balance::WorkerId()));
  race.running.go(
      take_part(race, taken(query, false), request, std::move(tried), race.sent_to.back()));
}

template <class Query, class Answer>
Task<> Exchange<Query, Answer>::take_part(Race& race, Query query, balance::Request request,
                                          Workers tried, SentTo sent_to) {
  auto one = attempt(race.core, race.scope.context, std::move(query), race.options, request, tried,
                     sent_to);
  auto reply = co_await one;
  (void)race.finished.try_send(reply);  // There is room for each.
}

}  // namespace weir::rpc
