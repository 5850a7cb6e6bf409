#include "weir/balance/picker.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

// What every policy owes to the filter, whatever its algorithm.
class EveryPolicy : public testing::TestWithParam<std::string> {
 protected:
  static PolicySpec policy() { return Catalog::standard().make(GetParam()).value(); }

  static std::set<WorkerIndex> picked(Stand& stand, std::span<const WorkerId> tried = {}) {
    std::set<WorkerIndex> workers;
    for (int i = 0; i < 300; ++i) workers.insert(stand.pick(tried).worker());
    return workers;
  }
};

std::vector<std::string> all_policies() {
  std::vector<std::string> names = {"p2c(d=3)", "central_queue(prefetch=2)"};
  const Catalog catalog = Catalog::standard();
  for (const Catalog::Entry& entry : catalog.entries()) names.push_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Catalog, EveryPolicy, testing::ValuesIn(all_policies()),
                         [](const auto& policy) {
                           std::string name = policy.param;
                           for (char& c : name) c = c == '(' || c == ')' || c == '=' ? '_' : c;
                           return name;
                         });

TEST_P(EveryPolicy, PicksOnlyWorkersThatAreUp) {
  Stand stand(policy());
  stand.add_many(7);
  stand.set_health(0, Health::draining);
  stand.set_health(3, Health::ejected);
  stand.set_health(5, Health::down);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{1, 2, 4, 6}));
}

TEST_P(EveryPolicy, PicksEjectedWorkersInPanicAndNoLongerAfterwards) {
  Stand stand(policy());
  stand.add_many(4);
  for (const WorkerIndex worker : {0u, 1u, 2u}) stand.set_health(worker, Health::ejected);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 1, 2, 3}));

  stand.set_health(1, Health::up);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{1, 3}));
}

TEST_P(EveryPolicy, AvoidsWorkersThatWereTried) {
  Stand stand(policy());
  stand.add_many(4);
  const std::vector<WorkerId> tried = {stand.id(2), stand.id(0)};
  EXPECT_EQ(picked(stand, tried), (std::set<WorkerIndex>{1, 3}));
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 1, 2, 3}));
}

TEST_P(EveryPolicy, GoesBackToTriedWorkersWhenNobodyElseIsLeft) {
  Stand stand(policy());
  stand.add_many(3);
  const std::vector<WorkerId> tried = {stand.id(0), stand.id(1)};
  stand.set_health(2, Health::draining);
  EXPECT_EQ(picked(stand, tried), (std::set<WorkerIndex>{0, 1}));
}

TEST_P(EveryPolicy, FollowsWorkersThatComeAndGo) {
  Stand stand(policy());
  stand.add_many(3);
  picked(stand);
  stand.remove(1);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 2}));
  stand.add_many(2);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 1, 2, 3}));
}

TEST_P(EveryPolicy, RejectsWhenNobodyIsFit) {
  Stand stand(policy(), 1, {.panic_threshold = 0});
  EXPECT_EQ(stand.pick().reason(), Reason::no_worker);
  stand.add_many(2);
  stand.set_health(0, Health::ejected);
  stand.set_health(1, Health::down);
  EXPECT_EQ(stand.pick().reason(), Reason::no_worker);
}

TEST_P(EveryPolicy, RejectsWhenThereIsNoRoom) {
  Stand stand(policy());
  stand.add_many(2, {.limit = 0});
  stand.dispatch();
  stand.dispatch();
  EXPECT_EQ(stand.pick().reason(), Reason::full);
  stand.finish(1);
  EXPECT_EQ(stand.pick().worker(), 1u);
}

TEST_P(EveryPolicy, SendsNothingToAWeightOfZero) {
  Stand stand(policy());
  stand.add_weights({1, 0, 1});
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 2}));
  stand.picker().set_weight(stand.id(1), 1, stand.now);
  EXPECT_EQ(picked(stand), (std::set<WorkerIndex>{0, 1, 2}));
}

TEST_P(EveryPolicy, MakesAFreshPolicyForEachBalancer) {
  const PolicySpec one = policy();
  Stand first(one);
  Stand second(one);
  first.add_many(3);
  second.add_many(3);
  std::vector<WorkerIndex> alone, beside;
  for (int i = 0; i < 50; ++i) alone.push_back(first.pick().worker());
  for (int i = 0; i < 50; ++i) beside.push_back(second.pick().worker());
  EXPECT_EQ(alone, beside);
}

// Keeps what it hears, and sends to the first.
class Listener final : public Policy {
 public:
  explicit Listener(std::vector<Event>* heard) : heard_(heard) {}
  Decision pick(const Request&, const View& view, Random&) override {
    return Decision::send(view.eligible()[0]);
  }
  void on_event(const Event& event, const View& view, Random&) override {
    heard_->push_back(event);
    const bool is_sent = event.kind == Event::Kind::sent || event.kind == Event::Kind::started;
    EXPECT_EQ(view.contains(0) ? view[0].in_flight : 0, is_sent ? 1u : 0u);
  }

 private:
  std::vector<Event>* heard_;
};

TEST(Picker, TellsThePolicyAfterTheViewHasChanged) {
  std::vector<Event> heard;
  Stand stand(custom<Listener>("listener", &heard));
  const WorkerId worker = stand.add();
  stand.dispatch();
  stand.picker().note(Event::started(worker), stand.now);
  stand.finish(0);

  ASSERT_EQ(heard.size(), 4u);
  EXPECT_EQ(heard[0].membership, Membership::added);
  EXPECT_EQ(heard[1].kind, Event::Kind::sent);
  EXPECT_EQ(heard[2].kind, Event::Kind::started);
  EXPECT_EQ(heard[3].kind, Event::Kind::finished);
  EXPECT_EQ(heard[3].latency, 1ms);
}

TEST(Picker, NamesEveryWorkerThatPanicMakesEligible) {
  std::vector<Event> heard;
  Stand stand(custom<Listener>("listener", &heard));
  stand.add_many(5);
  stand.set_health(1, Health::ejected);
  stand.set_health(3, Health::ejected);
  heard.clear();

  stand.set_health(4, Health::down);

  std::vector<WorkerIndex> named;
  for (const Event& event : heard) named.push_back(event.worker.index);
  EXPECT_EQ(named, (std::vector<WorkerIndex>{4, 1, 3}));
}

TEST(Picker, IgnoresLateNewsOfAWorkerThatWasRemoved) {
  std::vector<Event> heard;
  Stand stand(custom<Listener>("listener", &heard));
  const WorkerId gone = stand.add();
  stand.dispatch();
  stand.remove(0);
  stand.add();
  heard.clear();

  stand.picker().note(Event::finished(gone, Outcome::success, 0ns, 1ms), stand.now);
  stand.picker().set_health(gone, Health::down, stand.now);

  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(stand.view()[0].health, Health::up);
}

TEST(Picker, ShowsThePolicyTheTime) {
  Stand stand(p2c());
  stand.add();
  stand.now = TimePoint{3s};
  (void)stand.pick();
  EXPECT_EQ(stand.view().now(), TimePoint{3s});
}

// Wants a tick each second.
class Clockwork final : public Policy {
 public:
  Decision pick(const Request&, const View&, Random&) override { return Decision::hold(); }
  void on_event(const Event& event, const View& view, Random&) override {
    if (event.kind == Event::Kind::tick) next_ = view.now() + 1s;
  }
  TimePoint next_tick() const override { return next_; }

 private:
  TimePoint next_{};
};

TEST(Picker, TicksAPolicyThatWantsIt) {
  Stand stand(custom<Clockwork>("clockwork"));
  for (int second = 0; second < 3; ++second) {
    EXPECT_EQ(stand.picker().next_tick(), TimePoint{std::chrono::seconds{second}});
    stand.picker().note(Event::tick(), stand.picker().next_tick());
  }
  EXPECT_EQ(Stand(p2c()).picker().next_tick(), time_never);
}

class Thrower final : public Policy {
 public:
  Decision pick(const Request& request, const View& view, Random&) override {
    if (!request.tried.empty()) throw std::runtime_error("thrown by a user's policy");
    return Decision::send_all({view.eligible().begin(), view.eligible().end()});
  }
};

TEST(Picker, AnExceptionOfAPolicyLeavesNobodyHidden) {
  Stand stand(custom<Thrower>("thrower"));
  stand.add_many(3);
  const WorkerId tried = stand.id(1);
  EXPECT_THROW((void)stand.pick(std::span(&tried, 1)), std::runtime_error);

  const Decision decision = stand.pick();
  EXPECT_EQ(decision.kind(), Decision::Kind::send_all);
  EXPECT_EQ(decision.workers().size(), 3u);
}

class Stubborn final : public Policy {
 public:
  Decision pick(const Request&, const View&, Random&) override { return Decision::send(0); }
};

TEST(PickerDeathTest, APolicyThatPicksWhoIsNotEligibleIsABug) {
  Stand stand(custom<Stubborn>("stubborn"));
  stand.add_many(3);
  stand.set_health(0, Health::draining);
  EXPECT_DEATH((void)stand.pick(), "picked a worker that is not eligible");
}

}  // namespace
}  // namespace weir::balance
