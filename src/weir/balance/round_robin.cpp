#include "weir/balance/round_robin.h"

#include <memory>

namespace weir::balance {

namespace {

class RoundRobin final : public Policy {
 public:
  explicit RoundRobin(bool random_start) : random_start_(random_start) {}

  Decision pick(const Request&, const View& view, Random& random) override {
    if (random_start_) next_ = static_cast<WorkerIndex>(random.below(view.slots()));
    random_start_ = false;
    const WorkerIndex worker = *view.next_eligible(next_);
    next_ = worker + 1;
    return Decision::send(worker);
  }

 private:
  bool random_start_;
  WorkerIndex next_ = 0;
};

}  // namespace

PolicySpec round_robin(bool random_start) {
  return {random_start ? "round_robin(random_start=true)" : "round_robin",
          [random_start] { return std::make_unique<RoundRobin>(random_start); }};
}

}  // namespace weir::balance
