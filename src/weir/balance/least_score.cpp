#include "weir/balance/least_score.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace weir::balance {

namespace {

class LeastScore final : public Policy {
 public:
  explicit LeastScore(Score score) : score_(std::move(score)) {}

  Decision pick(const Request&, const View& view, Random& random) override {
    std::optional<WorkerIndex> best = tree_.draw(random);
    while (best && !view.is_eligible(*best)) {  // tried by this request
      tree_.set(*best, ScoreTree::absent, 0);
      passed_over_.push_back(*best);
      best = tree_.draw(random);
    }
    for (const WorkerIndex worker : passed_over_) enter(view[worker]);
    passed_over_.clear();
    return best ? Decision::send(*best) : Decision::hold();
  }

  void on_event(const Event& event, const View& view, Random&) override {
    if (event.kind == Event::Kind::tick) return;
    const WorkerIndex worker = event.worker.index;
    if (view.is_eligible(worker)) {
      enter(view[worker]);
    } else {
      tree_.set(worker, ScoreTree::absent, 0);
    }
  }

 private:
  void enter(const WorkerView& worker) {
    tree_.set(worker.id.index, score_(worker), worker.weight);
  }

  Score score_;
  ScoreTree tree_;
  std::vector<WorkerIndex> passed_over_;
};

}  // namespace

PolicySpec least_score(std::string text, Score score) {
  return {std::move(text),
          [score = std::move(score)] { return std::make_unique<LeastScore>(score); }};
}

}  // namespace weir::balance
