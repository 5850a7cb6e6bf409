// The line in front of a worker that several balancers share: no balancer knows what the others
// have sent, so the worker itself keeps who waits, and refuses who finds no room.
//
// Who leaves while he waits leaves at once: for each that may, a call is pending on his context,
// which sends his ticket to the worker's task. A ticket that comes too late is nobody's any more.
//
// Owned by the worker's task. What balancers are to hear of those that were never served is kept
// until take_unserved().

#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/rpc/balancer_core.h"
#include "weir/rpc/waiting_line.h"
#include "weir/sim/monitors.h"
#include "weir/sync/after_func.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::sim {

class SharedLine {
 public:
  using Attempt = std::unique_ptr<rpc::Envelope>;
  using Ended = rpc::BalancerCore::Finished;

  // Names somebody who waits.
  struct Ticket {
    rpc::Envelope* attempt = nullptr;
    std::uint64_t number = 0;
  };

  // Requires: called in a task; the watch outlives the line.
  SharedLine(rpc::QueueOptions queue, WorkerWatch& watch);
  ~SharedLine() { closed_.cancel(); }
  SharedLine(const SharedLine&) = delete;
  SharedLine& operator=(const SharedLine&) = delete;

  bool empty() const { return line_.empty(); }
  std::size_t size() const { return line_.size(); }

  // Lets the attempt wait, in place of the oldest perhaps, or refuses it.
  void add(Attempt attempt, TimePoint now);

  // Whose turn it is; null if nobody waits.
  Attempt next(TimePoint now);

  // Turns away all that wait.
  void refuse_all(rpc::Failure::Reason reason, TimePoint now);

  // Where tickets of those who leave come from, and what is to be done with one.
  Receiver<Ticket> leaving() const { return leaving_; }
  void leave(const Ticket& ticket, TimePoint now);

  // Of somebody who has left before he could be served.
  void dismiss(const rpc::Envelope& attempt);

  std::vector<Ended> take_unserved() { return std::exchange(unserved_, {}); }

 private:
  struct Waiting {
    std::uint64_t number = 0;
    PendingCall leaves;
  };

  void forget(const rpc::Envelope& attempt, TimePoint now);
  void refuse(Attempt attempt, rpc::Failure::Reason reason, TimePoint now);

  const rpc::QueueOptions queue_;
  WorkerWatch& watch_;
  rpc::WaitingLine line_;
  std::uint64_t tickets_ = 0;
  std::unordered_map<const void*, Waiting> can_leave_;  // never iterated
  Channel<Ticket> leaving_;
  CancelScope closed_;
  std::vector<Ended> unserved_;
};

}  // namespace weir::sim
