// Table, filter and policy as one: a balancer without its tasks.
//
// It keeps the order that policies rely on: first the table changes, then the policy hears of it. A
// live balancer, a simulated one and a test drive it in the same way; it never waits.
//
// What the policy sees may be stale: then what happened to requests reaches table and policy
// together, every so often, as on a bulletin board that is repainted now and then (Mitzenmacher,
// "How useful is old information?", 2000). Who is a member, and who is healthy, is known at once.

#pragma once

#include <memory>
#include <vector>

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

  // From now on the view is brought up to date once in so long; 0: at once. What has not been seen
  // is seen now.
  void set_stale(Duration period, TimePoint now);

  // If so, a decision may send to a worker that has no room.
  bool is_stale() const { return stale_ > Duration::zero(); }

  TimePoint next_tick() const;
  const View& view() const { return table_; }

 private:
  void show_news(TimePoint now);
  void apply(const Event& event);
  void tell(const Event& event);
  void tell_change(WorkerId worker, Membership membership, bool panicked);

  WorkerTable table_;
  std::unique_ptr<Policy> policy_;
  Random random_;
  Duration stale_{};
  TimePoint shown_{};          // when the view was last up to date, if it is stale
  std::vector<Event> unseen_;  // since then
};

}  // namespace weir::balance
