// Random trees of contexts in virtual time, held against the model: after each step, what every
// context says of itself, who waits still, and which pending calls have started.

#include "tests/model/context_model.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/base/random.h"
#include "weir/sync/after_func.h"
#include "weir/sync/context.h"
#include "weir/sync/context_value.h"
#include "weir/sync/select.h"

namespace weir::model {
namespace {

constexpr std::size_t key_count = 3;
const ContextKey<int> keys[key_count];

Cause cause_of(int number) {
  return Cause(Reason::cancelled, std::to_string(number));
}

// What a task that waits, or one that is to start, has come to.
struct Watch {
  int context = 0;
  bool happened = false;
  bool stopped = false;
  PendingCall call;
};

class Trial {
 public:
  explicit Trial(std::uint64_t number) : random_({0, 0}, "contexts", number) {}

  Task<> run() {
    root_ = with_cancel(background()).context;
    constexpr int steps = 40;
    for (int step = 0; step < steps && !wrong_; ++step) {
      act();
      co_await sleep(2ns);  // Whoever has been woken runs.
      model_.advance((now() - TimePoint()).count());
      compare();
    }
    for (Kept& each : contexts_) each.cancel();
    co_await sleep(1ns);
    watches_.clear();
  }

  const std::string& history() const { return history_; }
  bool wrong() const { return wrong_; }

 private:
  struct Kept {
    Context context = {};
    Cancel cancel = {};
    bool dropped = false;
  };

  int below(std::size_t bound) {
    return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound)));
  }

  // One that is still held, -1 for the root of the trial.
  int draw_context() {
    const int drawn = below(contexts_.size() + 1) - 1;
    return drawn >= 0 && contexts_[static_cast<std::size_t>(drawn)].dropped ? -1 : drawn;
  }
  const Context& real(int number) const {
    return number < 0 ? root_ : contexts_[static_cast<std::size_t>(number)].context;
  }

  void act() {
    const int at = draw_context();
    const int action = below(14);
    if (action < 8) {
      make(action, at);
    } else if (at < 0) {
      make(0, at);
    } else if (action < 10) {
      cancel(at);
    } else if (action == 10) {
      drop(at);
    } else {
      watch(action, at);
    }
  }

  void make(int action, int parent) {
    const int detail = below(1000);
    if (action < 2) {
      keep(with_cancel(real(parent)), model_.add(parent), "child", parent);
    } else if (action < 5) {
      // Odd, where the steps are even: at a step all that a deadline has woken have run.
      const std::int64_t deadline = (now() - TimePoint()).count() + detail % 30 * 2 - 5;
      keep(with_deadline(real(parent), TimePoint() + Duration(deadline), cause_of(detail)),
           model_.add_deadline(parent, deadline, detail), "deadline " + std::to_string(deadline),
           parent);
    } else if (action < 7) {
      const int key = below(key_count);
      const Context made = with_value(real(parent), keys[key], detail);
      keep(CancelScope(made, Cancel(made)), model_.add_value(parent, key, detail), "value", parent);
    } else {
      // Of the root of the trial nothing but its place is known to the model.
      const Context made = without_cancel(real(parent));
      keep(CancelScope(made, Cancel(made)), model_.add_apart(parent), "apart", parent);
    }
  }

  void keep(const CancelScope& scope, int number, const std::string& kind, int parent) {
    contexts_.push_back({.context = scope.context, .cancel = scope.cancel});
    note(std::to_string(number) + " is a " + kind + " of " + std::to_string(parent));
  }

  void cancel(int context) {
    const int cause = below(1000);
    note("cancel " + std::to_string(context) + " for " + std::to_string(cause));
    contexts_[static_cast<std::size_t>(context)].cancel(cause_of(cause));
    model_.cancel(context, cause);
  }

  void drop(int context) {
    note("drop " + std::to_string(context));
    contexts_[static_cast<std::size_t>(context)] = Kept{.dropped = true};
  }

  void watch(int action, int context) {
    if (action == 13 && !watches_.empty()) return stop_one();
    watches_.push_back(std::make_unique<Watch>());
    Watch& made = *watches_.back();
    made.context = context;
    note("watch " + std::to_string(context));
    if (action == 11) {
      go(wait_for, real(context), std::ref(made));
    } else {
      made.call = after_func(real(context), mark, std::ref(made));
    }
  }

  void stop_one() {
    Watch& each = *watches_[static_cast<std::size_t>(below(watches_.size()))];
    const bool stopped = each.call.stop();
    note(stopped ? "a stop" : "a stop that comes late");
    if (stopped && each.happened) fail("a call that has started was stopped");
    each.stopped = each.stopped || stopped;
  }

  static Task<> mark(Watch& watch) {
    watch.happened = true;
    co_return;
  }
  static Task<> wait_for(Context context, Watch& watch) {
    auto ended = done(context);
    co_await select(ended);
    watch.happened = true;
  }

  void compare() {
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
      if (!contexts_[i].dropped) compare(static_cast<int>(i), contexts_[i].context);
    }
    for (const auto& each : watches_) {
      const bool expected = model_.cause(each->context).has_value() && !each->stopped;
      if (each->happened != expected) {
        fail("who watches " + std::to_string(each->context) + (expected ? " has not" : " has") +
             " heard of its end");
      }
    }
  }

  void compare(int number, const Context& context) {
    const std::string name = std::to_string(number);
    const auto cause = model_.cause(number);
    if (context.cancelled() != cause.has_value()) fail(name + " is or is not cancelled");
    if (context.cause().text != (cause ? std::to_string(*cause) : "")) {
      fail(name + " has the cause '" + context.cause().text + "'");
    }
    const auto deadline = (context.deadline() - TimePoint()).count();
    if (deadline != model_.deadline(number)) fail(name + " has another deadline");
    for (std::size_t key = 0; key < key_count; ++key) {
      const int* value = context.value(keys[key]);
      const auto expected = model_.value(number, static_cast<int>(key));
      if ((value != nullptr) != expected.has_value() || (expected && *value != *expected)) {
        fail(name + " has another value for key " + std::to_string(key));
      }
    }
  }

  void note(const std::string& event) {
    history_ += "  " + std::to_string((now() - TimePoint()).count()) + ": " + event + "\n";
  }
  void fail(const std::string& what) {
    if (!wrong_) note("WRONG: " + what);
    wrong_ = true;
  }

  Random random_;
  Context root_;
  ContextModel model_;
  std::vector<Kept> contexts_;
  std::vector<std::unique_ptr<Watch>> watches_;
  std::string history_;
  bool wrong_ = false;
};

void try_tree(std::uint64_t number, const VirtualOptions& options) {
  Trial trial(number);
  run_virtual(trial.run(), options);
  if (trial.wrong()) {
    ADD_FAILURE() << "tree " << number << ", seed " << options.seed << ":\n" << trial.history();
  }
}

constexpr std::uint64_t trees = 1500;

// WEIR_TEST_SEED=n tries tree n alone.
TEST(ContextModel, RandomTreesBehaveAsSpecified) {
  const std::uint64_t asked = test::seed_asked_for(trees);
  const std::uint64_t first = asked == trees ? 0 : asked;
  const std::uint64_t last = asked == trees ? trees : asked + 1;
  for (std::uint64_t number = first; number < last && !HasFailure(); ++number) {
    try_tree(number, {.seed = number, .on_leak = OnLeak::ignore});
    try_tree(number, {.seed = number, .order = Order::drawn, .on_leak = OnLeak::ignore});
  }
}

// The model itself.
TEST(ContextModel, KnowsWhoEndedFirst) {
  ContextModel model;
  const int root = model.add_deadline(-1, 10, 1);
  const int child = model.add_deadline(root, 5, 2);
  const int late = model.add_deadline(root, 15, 3);
  const int apart = model.add_apart(child);
  model.advance(7);
  EXPECT_EQ(model.cause(child), 2);
  EXPECT_EQ(model.cause(root), std::nullopt);
  model.cancel(late, 4);
  model.advance(20);
  EXPECT_EQ(model.cause(root), 1);
  EXPECT_EQ(model.cause(child), 2);
  EXPECT_EQ(model.cause(late), 4);
  EXPECT_EQ(model.cause(apart), std::nullopt);
  EXPECT_EQ(model.deadline(late), 10);
}

TEST(ContextModel, FindsTheNearestValue) {
  ContextModel model;
  const int root = model.add_value(-1, 1, 10);
  const int child = model.add_value(root, 1, 20);
  const int apart = model.add_apart(child);
  EXPECT_EQ(model.value(root, 1), 10);
  EXPECT_EQ(model.value(apart, 1), 20);
  EXPECT_EQ(model.value(apart, 2), std::nullopt);
}

}  // namespace
}  // namespace weir::model
