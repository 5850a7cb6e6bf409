// One attempt on its way: from the caller to the balancer, into a line, to a worker.
//
// It is handed on by unique ownership, so at any moment one task may touch it. The caller keeps
// only the receiving end of the reply channel; it may leave at any time, and the reply then falls
// into a channel that nobody reads. The part without types lets the balancer's code be compiled
// once.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "weir/balance/policy.h"
#include "weir/base/intrusive_list.h"
#include "weir/rpc/failure.h"
#include "weir/rpc/note.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/latest.h"

namespace weir::rpc {

class WaitingLine;

// Whom an attempt was sent to, the last time: its caller may leave without an answer and have to
// know whom to avoid. Generation 0: to nobody yet.
using SentTo = Latest<balance::WorkerId>;

inline std::optional<balance::WorkerId> worker_of(const SentTo& sent_to) {
  const balance::WorkerId worker = sent_to ? sent_to.get() : balance::WorkerId();
  return worker.generation == 0 ? std::nullopt : std::optional(worker);
}

// When things happened to an attempt, and where. Times are time_never until they have come.
struct Timing {
  TimePoint accepted = time_never;  // by the balancer
  TimePoint started = time_never;   // by the worker
  TimePoint finished = time_never;
  std::optional<balance::WorkerId> worker = std::nullopt;
};

class Envelope : public Note, public ListNode {
 public:
  Envelope() : Note(Kind::request) {}

  void describe(const balance::Request& as, const Context& its_context, std::uint32_t its_account,
                const std::vector<balance::WorkerId>& tried_before) {
    context = its_context;
    account = its_account;
    if (!tried_before.empty()) tried = tried_before;
    request = as;
    request.tried = tried;
  }

  // Ends the attempt with a failure. The caller may have left.
  virtual void fail(Failure failure) = 0;

  // Whether its caller may leave before it is answered.
  bool can_leave() const { return context.can_end(); }

  // What names the attempt as long as its caller waits for it.
  virtual const void* key() const = 0;

  Context context;  // of the attempt
  balance::Request request;
  std::vector<balance::WorkerId> tried;
  std::uint32_t account = 0;   // whose retry budget pays for it, and whose it is to an observer
  std::uint16_t balancer = 0;  // BalancerOptions::number of who has sent it to a shared worker
  Timing timing;
  TimePoint waits_since =
      time_never;  // in the line that it is in; never: it is in none, or outside
  SentTo sent_to;  // for the caller; nil: it does not ask

  // Of one that waits. For the balancer, and the index of those that can leave.
  WaitingLine* waits_in = nullptr;
  std::optional<balance::WorkerIndex> waits_at;  // whose line that is, if a worker's
  Envelope* next_indexed = nullptr;
};

// What comes back to the caller.
template <class Answer>
struct Reply {
  Reply(std::expected<Answer, Failure> result, const Timing& when)
      : outcome(std::move(result)), timing(when) {}

  // True for a retry that the budget did not cover: it was no attempt at all.
  bool refused_retry() const {
    return !outcome && outcome.error().reason == Failure::Reason::retry_budget && !timing.worker;
  }

  std::expected<Answer, Failure> outcome;
  Timing timing;
};

template <class Query, class Answer>
class Attempt final : public Envelope {
 public:
  Attempt(Query asked, Sender<Reply<Answer>> reply_to)
      : query(std::move(asked)), reply_(std::move(reply_to)) {}

  void fail(Failure failure) override { answer(std::unexpected(std::move(failure))); }
  const void* key() const override { return reply_.core(); }

  // The channel has room for the one reply, so this never waits.
  void answer(std::expected<Answer, Failure> outcome) {
    Reply<Answer> reply(std::move(outcome), timing);
    WEIR_CHECK(reply_.try_send(reply), "an attempt was answered twice");
  }

  Query query;

 private:
  Sender<Reply<Answer>> reply_;
};

}  // namespace weir::rpc
