// Table, filter and policy as one: a balancer without its tasks.
//
// It keeps the order that policies rely on: first the table changes, then the policy hears of it. A
// live balancer, a simulated one and a test drive it in the same way; it never waits.

#pragma once

#include <memory>

#include "weir/balance/policy_spec.h"
#include "weir/balance/worker_table.h"

namespace weir::balance {

class Picker {
 public:
  // `random` is the policy's own stream, so that its draws shift nobody else's.
  Picker(const PolicySpec& policy, Random random, FilterOptions options = {});

  // Every call below that takes `now` first moves the view to it. Calls that name a worker which
  // has been removed do nothing: late news is no bug.
  WorkerId add(WorkerOptions options, TimePoint now);
  void remove(WorkerId worker, TimePoint now);
  void set_health(WorkerId worker, Health health, TimePoint now);
  void set_weight(WorkerId worker, double weight, TimePoint now);
  void set_concurrency(WorkerId worker, std::uint32_t concurrency, TimePoint now);

  // Changes nothing in the table: what is then done with the decision comes back by note().
  Decision pick(const Request& request, TimePoint now);

  // Of kind sent, started, finished, cancelled or tick. A tick is due when next_tick() has come.
  void note(const Event& event, TimePoint now);

  TimePoint next_tick() const { return policy_->next_tick(); }
  const View& view() const { return table_; }

 private:
  void tell(const Event& event);
  void tell_change(WorkerId worker, Membership membership, bool panicked);

  WorkerTable table_;
  std::unique_ptr<Policy> policy_;
  Random random_;
};

}  // namespace weir::balance
