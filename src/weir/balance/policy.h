// Who serves the next request: a decision, made from what the balancer knows and a random stream.
//
// A policy starts nothing, waits for nothing, and reads no clock: it is told what happened and
// asked what to do. So the same object is tested in a loop, run in virtual time, and deployed.
//
// Order of a request's events: pick, sent, started, then finished or cancelled. A worker that other
// balancers send to as well tells nobody when it starts, and may refuse: finished, overloaded. The
// view has always been brought up to date before the policy hears of it. Whenever a worker becomes
// eligible or stops being so, an event names it; only the exclusion of tried workers lasts for one
// pick and is silent.
//
// Not a set of functions for each kind of event: most policies care for one or two kinds, and a
// user's own has to fit on a page.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/balance/view.h"
#include "weir/base/random.h"
#include "weir/base/time.h"

namespace weir::balance {

enum class AttemptKind : std::uint8_t { first, retry, hedge };

// What a policy may know of a request.
struct Request {
  std::uint64_t id = 0;
  std::uint64_t key = 0;  // for affinity; 0: none
  double cost = 1;        // a hint, in the caller's own unit
  std::int32_t priority = 0;
  std::uint32_t attempt = 0;  // 0 is the first
  AttemptKind kind = AttemptKind::first;
  TimePoint arrived{};
  TimePoint deadline = time_never;
  std::span<const WorkerId> tried{};  // by earlier attempts; avoided unless nobody else is eligible
};

// What became of an attempt, judged once, before anybody counts it. Overloaded: the worker refused.
enum class Outcome : std::uint8_t { success, failure, overloaded, timed_out, cancelled };

// Changed: health, weight or slots.
enum class Membership : std::uint8_t { added, removed, changed };

struct Event {
  enum class Kind : std::uint8_t {
    sent,        // worker, cost
    started,     // worker, cost
    finished,    // worker, cost, outcome, latency, wait, service
    cancelled,   // worker, cost: left the worker's queue unserved, which says nothing of the worker
    membership,  // worker, membership
    tick,        // the time that next_tick() named has come
  };

  Kind kind = Kind::tick;
  WorkerId worker{};
  double cost = 1;
  Outcome outcome = Outcome::success;
  Membership membership = Membership::changed;
  Duration latency{};  // sent to done, as the balancer saw it
  Duration wait{};     // sent to started
  Duration service{};  // started to done

  static Event sent(WorkerId worker, double cost = 1);
  static Event started(WorkerId worker, double cost = 1);
  // latency is wait + service unless set.
  static Event finished(WorkerId worker, Outcome outcome, Duration wait, Duration service,
                        double cost = 1);
  static Event cancelled(WorkerId worker, double cost = 1);
  static Event member(WorkerId worker, Membership membership);
  static Event tick() { return {}; }
};

// Why a request was not sent. No worker: none is fit. Full: those that are fit have no room.
// Refused: the policy's own wish.
enum class Reason : std::uint8_t { no_worker, full, refused };
const char* to_string(Reason reason);

class [[nodiscard]] Decision {
 public:
  enum class Kind : std::uint8_t { send, send_all, hold, reject };

  static Decision send(WorkerIndex worker) { return {Kind::send, worker, Reason::refused}; }
  // To each of them, all different. The first answer counts.
  static Decision send_all(std::vector<WorkerIndex> workers);
  // Keep it in the balancer's own line; the policy is asked again when a worker may be free.
  static Decision hold() { return {Kind::hold, 0, Reason::refused}; }
  static Decision reject(Reason reason = Reason::refused) { return {Kind::reject, 0, reason}; }

  Kind kind() const { return kind_; }
  // The workers to send to: one, several, or none.
  std::span<const WorkerIndex> workers() const&;
  std::span<const WorkerIndex> workers() const&& = delete;  // they would dangle
  // Requires: kind() is send.
  WorkerIndex worker() const;
  // Requires: kind() is reject.
  Reason reason() const;

 private:
  Decision(Kind kind, WorkerIndex worker, Reason reason)
      : kind_(kind), reason_(reason), worker_(worker) {}

  Kind kind_;
  Reason reason_;
  WorkerIndex worker_;
  std::vector<WorkerIndex> workers_;  // of send_all only: a single send allocates nothing
};

class Policy {
 public:
  virtual ~Policy() = default;

  // Requires: at least one worker is eligible. Sends go to eligible workers.
  virtual Decision pick(const Request& request, const View& view, Random& random) = 0;

  virtual void on_event(const Event& event, const View& view, Random& random);

  // When the policy next wants a tick; time_never: not at all.
  virtual TimePoint next_tick() const { return time_never; }
};

}  // namespace weir::balance
