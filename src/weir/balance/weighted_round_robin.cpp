#include "weir/balance/weighted_round_robin.h"

#include <memory>
#include <vector>

namespace weir::balance {

namespace {

class WeightedRoundRobin final : public Policy {
 public:
  Decision pick(const Request&, const View& view, Random&) override {
    double total = 0;
    WorkerIndex richest = view.slots();
    for (WorkerIndex worker = 0; worker < view.slots(); ++worker) {
      if (!view.is_eligible(worker)) continue;
      credit_[worker] += view[worker].weight;
      total += view[worker].weight;
      if (richest == view.slots() || credit_[worker] > credit_[richest]) richest = worker;
    }
    credit_[richest] -= total;
    return Decision::send(richest);
  }

  void on_event(const Event& event, const View& view, Random&) override {
    if (event.kind != Event::Kind::membership || event.membership != Membership::added) return;
    credit_.resize(view.slots());
    credit_[event.worker.index] = 0;
  }

 private:
  std::vector<double> credit_;
};

}  // namespace

PolicySpec weighted_round_robin() {
  return {"weighted_round_robin", [] { return std::make_unique<WeightedRoundRobin>(); }};
}

}  // namespace weir::balance
