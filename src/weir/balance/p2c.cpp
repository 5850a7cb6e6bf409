#include "weir/balance/p2c.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "weir/base/check.h"

namespace weir::balance {

namespace {

// Some distinct numbers below a bound, in increasing order.
class Sample {
 public:
  // Draws one that is not yet in it, uniformly: a number among those left, then past those taken.
  std::size_t draw(std::size_t bound, Random& random) {
    std::size_t number = random.below(bound - count_);
    std::size_t place = 0;
    for (; place < count_ && taken_[place] <= number; ++place) ++number;
    for (std::size_t after = count_++; after > place; --after) taken_[after] = taken_[after - 1];
    taken_[place] = number;
    return number;
  }

 private:
  std::size_t count_ = 0;
  std::array<std::size_t, p2c_choices_max> taken_;  // as many as are counted
};

// The best of the workers it was shown.
class Best {
 public:
  void consider(const WorkerView& worker, Random& random) {
    const double load = worker.load();
    if (tied_ > 0 && load > load_) return;
    tied_ = tied_ > 0 && load == load_ ? tied_ + worker.weight : worker.weight;
    if (tied_ > worker.weight && random.uniform() * tied_ >= worker.weight) return;
    load_ = load;
    worker_ = worker.id.index;
  }

  WorkerIndex worker() const { return worker_; }

 private:
  double load_ = 0;
  double tied_ = 0;  // the weight of those with this load
  WorkerIndex worker_ = 0;
};

class P2c final : public Policy {
 public:
  explicit P2c(std::uint32_t d) : d_(d) {}

  Decision pick(const Request&, const View& view, Random& random) override {
    const auto eligible = view.eligible();
    Best best;
    if (eligible.size() <= d_) {
      for (const WorkerIndex worker : eligible) best.consider(view[worker], random);
    } else {
      Sample sample;
      for (std::uint32_t choice = 0; choice < d_; ++choice) {
        best.consider(view[eligible[sample.draw(eligible.size(), random)]], random);
      }
    }
    return Decision::send(best.worker());
  }

 private:
  std::uint32_t d_;
};

}  // namespace

PolicySpec p2c(std::uint32_t d) {
  WEIR_CHECK(d >= 1 && d <= p2c_choices_max, "p2c draws at least 1 and at most 32 workers");
  return {d == 2 ? "p2c" : "p2c(d=" + std::to_string(d) + ")",
          [d] { return std::make_unique<P2c>(d); }};
}

}  // namespace weir::balance
