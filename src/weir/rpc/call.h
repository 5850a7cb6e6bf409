// What a caller may say of a call, and what it hears of it.

#pragma once

#include <cstdint>
#include <expected>
#include <utility>

#include "weir/rpc/envelope.h"
#include "weir/rpc/hedge.h"
#include "weir/rpc/payload.h"
#include "weir/rpc/retry.h"

namespace weir::rpc {

// What a caller may say of one call. Trivial, so that it may stand in a co_await expression; what
// it points to outlives the call.
struct CallOptions {
  std::uint64_t id = 0;   // names the call's random numbers (back-off); 0: some number
  std::uint64_t key = 0;  // for policies that keep equal keys together; 0: none
  double cost = 1;        // a hint, in the caller's own unit
  std::int32_t priority = 0;
  TimePoint deadline = time_never;      // of the call with all its attempts; timed_out then
  std::uint32_t account = 0;            // whose retry budget pays, and whose it is to an observer
  const RetryOptions* retry = nullptr;  // instead of the balancer's
  const HedgeOptions* hedge = nullptr;  // null: no hedges. For queries that can be copied
  Payload* payload = nullptr;           // what comes after the head; null: nothing
  // What attempts are served under, instead of the caller's context. Then a caller that leaves does
  // not take its attempt along: it keeps its place in the line and is served for nobody.
  const Context* served_under = nullptr;

  // Whether there is nothing but a channel between caller and balancer, as far as the call goes.
  bool is_plain() const {
    return hedge == nullptr && payload == nullptr && served_under == nullptr;
  }
};

// A call with all that happened to it.
template <class Answer>
struct Trace {
  Trace() : outcome(std::unexpected(Failure(Failure::Kind::cancelled))) {}

  // One more attempt: answered, or lost without an answer, perhaps by a worker that is known.
  void add(Reply<Answer>&& reply) {
    ++attempts;
    outcome = std::move(reply.outcome);
    timing = reply.timing;
  }
  void add(Failure lost, std::optional<balance::WorkerId> worker) {
    ++attempts;
    outcome = std::unexpected(std::move(lost));
    timing = Timing();
    timing.worker = worker;
  }

  std::expected<Answer, Failure> outcome;  // of the last attempt that was made, or that won
  Timing timing;                           // of that attempt
  std::uint32_t attempts = 0;
  std::uint32_t hedges = 0;  // of the attempts
};

// As policies see an attempt of the call.
inline balance::Request request_of(const CallOptions& options, std::uint32_t attempt,
                                   balance::AttemptKind kind, const Context& context) {
  balance::Request request;
  request.id = options.id;
  request.key = options.key;
  request.cost = options.cost;
  request.priority = options.priority;
  request.attempt = attempt;
  request.kind = kind;
  request.deadline = context.deadline();
  return request;
}

inline balance::AttemptKind kind_of_try(std::uint32_t number) {
  return number == 0 ? balance::AttemptKind::first : balance::AttemptKind::retry;
}

}  // namespace weir::rpc
