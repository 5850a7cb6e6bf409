// The side of the View that is written: the balancer's own record of its workers.
//
// Each change settles at once who is eligible, in constant time; only a change that starts or ends
// panic looks at every worker.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/balance/filter.h"
#include "weir/balance/view.h"

namespace weir::balance {

class WorkerTable : public View {
 public:
  explicit WorkerTable(FilterOptions options = {});

  // Time never goes back.
  void advance(TimePoint now);

  WorkerId add(WorkerOptions options);
  void remove(WorkerIndex worker);
  void set_health(WorkerIndex worker, Health health);
  void set_weight(WorkerIndex worker, double weight);
  void set_concurrency(WorkerIndex worker, std::uint32_t concurrency);

  void sent(WorkerIndex worker, double cost);
  // Finished or cancelled. Requires: something is in flight there.
  void done(WorkerIndex worker, double cost);

  // Takes those workers out of eligible() unless nobody would be left. Calls do not nest.
  void hide(std::span<const WorkerId> tried);
  // Undoes hide(), the order of eligible() included. Nothing else may change in between.
  void show();

 private:
  struct Hidden {
    WorkerIndex worker;
    std::uint32_t place;
  };

  void count(Health health, int by);
  void settle(WorkerIndex worker);
  void settle_panic();

  FilterOptions options_;
  std::vector<WorkerIndex> free_;
  std::vector<Hidden> hidden_;
  std::size_t up_ = 0;
  std::size_t members_ = 0;  // all but those that drain
};

}  // namespace weir::balance
