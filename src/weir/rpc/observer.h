// Who watches a balancer: told of every change of its view, by the balancer's own task.
//
// For figures over time, which nobody could take from outside without asking the task. The calls
// come in the order of the events; they must not wait.

#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/balance/view.h"
#include "weir/base/time.h"

namespace weir::rpc {

class Observer {
 public:
  virtual ~Observer() = default;

  // A worker now serves and holds waiting so many.
  virtual void on_worker(balance::WorkerIndex, std::uint32_t /*serving*/, std::size_t /*waiting*/,
                         TimePoint /*now*/) {}

  // A worker has been given another number of slots.
  virtual void on_slots(balance::WorkerIndex, std::uint32_t /*slots*/, TimePoint /*now*/) {}

  // So many wait in the balancer's own line.
  virtual void on_line(std::size_t /*waiting*/, TimePoint /*now*/) {}

  // An attempt has left a worker's line or the balancer's own, to be served or not.
  virtual void on_waited(Duration /*time*/) {}

  // A worker is done with an attempt that it has served for so long.
  virtual void on_served(Duration /*time*/) {}

  // A worker has answered an attempt of some account, well or not; late: the caller had left.
  virtual void on_answer(balance::WorkerIndex, std::uint32_t /*account*/, bool /*success*/,
                         bool /*late*/, TimePoint /*now*/) {}

  // A worker's queue has dropped an attempt to make room.
  virtual void on_drop(balance::WorkerIndex, TimePoint /*now*/) {}
};

}  // namespace weir::rpc
