#include "weir/rpc/balancer.h"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/rpc/balancing.h"
#include "tests/support/lifetimes.h"
#include "weir/balance/central_queue.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

using weir::test::Counted;

Task<int> twice(Context, int query) {
  if (query % 3 == 0) co_await yield();
  co_return 2 * query;
}

Task<> ask_once(Balancer<int, int>& balancer, int query, std::atomic<int>& answered) {
  auto answer = co_await balancer.call(background(), query);
  EXPECT_TRUE(answer.has_value());
  if (answer) {
    EXPECT_EQ(*answer, 2 * query);
  }
  ++answered;
}

Task<> ask_side_by_side(int requesters) {
  Balancer<int, int> balancer{background()};
  for (int i = 0; i < 4; ++i) balancer.add_worker({.concurrency = 2}, twice);
  std::atomic<int> answered = 0;
  WaitGroup all;
  for (int i = 0; i < requesters; ++i) all.go(ask_once(balancer, i, answered));
  co_await all.wait();
  EXPECT_EQ(answered, requesters);
  const bool drained = co_await balancer.drain(background());
  EXPECT_TRUE(drained);
}

CONCURRENCY_TEST(Balancer, BringsEveryReplyToItsOwnRequester) {
  co_await ask_side_by_side(100);
}

TEST(Balancer, BringsTenThousandRepliesToTheirRequesters) {
  weir::test::run_under({.schedules = 2}, [] { return ask_side_by_side(10'000); });
}

CONCURRENCY_TEST(Balancer, SendsARequestToAWorkerThatWasAddedBefore) {
  Balancer<int, int> balancer{background()};
  balancer.add_worker({}, twice);
  auto answer = co_await balancer.call(background(), 4);
  EXPECT_TRUE(answer.has_value());
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, RejectsWithoutWorkersAndServesOnceOneIsThere) {
  Balancer<int, int> balancer{background()};
  auto none = co_await balancer.call(background(), 4);
  EXPECT_FALSE(none.has_value());
  if (!none) {
    EXPECT_EQ(none.error().kind, Kind::rejected);
  }
  if (!none) {
    EXPECT_EQ(none.error().reason, Why::no_worker);
  }

  balancer.add_worker({}, twice);
  auto one = co_await balancer.call(background(), 4);
  EXPECT_TRUE(one.has_value());
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, TakesMoreWorkersAtOnceThanItHoldsMessages) {
  Balancer<int, int> balancer(background(), {.policy = balance::round_robin()});
  for (int i = 0; i < 600; ++i) balancer.add_worker({}, twice);
  auto answer = co_await balancer.call(background(), 4);
  EXPECT_TRUE(answer.has_value());
  co_await balancer.drain(background());
}

VIRTUAL_TEST(Balancer, TellsWhenThingsHappened) {
  Jobs jobs(background(), {.policy = balance::central_queue()});
  jobs.add_worker({.name = "only"}, serve_job);
  Calls calls(jobs);
  co_await sleep(5ms);
  calls.go({.id = 1, .time = 10ms});
  co_await sleep(2ms);
  calls.go({.id = 2, .time = 10ms});
  co_await calls.wait();

  const TimePoint start{};
  const Timing& first = calls.of(1).trace.timing;
  EXPECT_EQ(first.accepted - start, 5ms);
  EXPECT_EQ(first.started - start, 5ms);
  EXPECT_EQ(first.finished - start, 15ms);
  const Timing& second = calls.of(2).trace.timing;
  EXPECT_EQ(second.accepted - start, 7ms);
  EXPECT_EQ(second.started - start, 15ms);
  EXPECT_EQ(second.finished - start, 25ms);
  EXPECT_EQ(second.worker, first.worker);
  EXPECT_EQ(calls.of(2).trace.attempts, 1u);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Balancer, ServesAsManySideBySideAsTheWorkersConcurrency) {
  Watcher watcher;
  Jobs jobs(background(), {.observer = &watcher});
  jobs.add_worker({.concurrency = 3}, serve_job);
  Calls calls(jobs);
  for (int i = 0; i < 7; ++i) co_await calls.start({.id = i, .time = 10ms});
  co_await calls.wait();

  EXPECT_EQ(watcher.at(0).serving_max, 3u);
  EXPECT_EQ(watcher.at(0).waiting_max, 4u);
  EXPECT_EQ(calls.of(6).at, calls.of(0).at + 20ms);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Balancer, BindsLateUnderACentralQueueAndServesInOrder) {
  Watcher watcher;
  Jobs jobs(background(), {.policy = balance::central_queue(), .observer = &watcher});
  jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  Calls calls(jobs);
  co_await calls.start({.id = 0, .time = 100ms});  // keeps one worker for long
  for (int i = 1; i < 6; ++i) co_await calls.start({.id = i, .time = 10ms});
  EXPECT_EQ(watcher.line, 4u);
  EXPECT_EQ(watcher.at(0).waiting + watcher.at(1).waiting, 0u);
  co_await calls.wait();

  EXPECT_EQ(calls.answered(), (std::vector<int>{1, 2, 3, 4, 5, 0}));
  EXPECT_EQ(watcher.line, 0u);
  co_await jobs.drain(background());
}

CONCURRENCY_TEST(Balancer, TurnsAnExceptionIntoAFailureThatKeepsIt) {
  Balancer<int, int> balancer{background()};
  balancer.add_worker({}, [](Context, int query) -> Task<int> {
    if (query < 0) throw std::runtime_error("negative");
    co_return query;
  });
  auto failed = co_await balancer.call(background(), -1);
  EXPECT_FALSE(failed.has_value());
  if (!failed) {
    EXPECT_EQ(failed.error().kind, Kind::failed);
    try {
      std::rethrow_exception(failed.error().exception);
    } catch (const std::runtime_error& thrown) {
      EXPECT_EQ(thrown.what(), std::string("negative"));
    }
  }
  auto next = co_await balancer.call(background(), 1);  // the worker goes on
  EXPECT_TRUE(next.has_value());
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, LetsAWorkerGiveAFailureOfItsOwn) {
  Balancer<int, int> balancer{background()};
  balancer.add_worker({}, [](Context, int query) -> Task<std::expected<int, Failure>> {
    if (query < 0) co_return std::unexpected(Failure(Kind::rejected, Why::full));
    co_return query;
  });
  auto failed = co_await balancer.call(background(), -1);
  EXPECT_FALSE(failed.has_value());
  if (!failed) {
    EXPECT_EQ(failed.error().reason, Why::full);
  }
  auto answered = co_await balancer.call(background(), 1);
  EXPECT_TRUE(answered.has_value());
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, KeepsAWorkersFailureThatLooksLikeARefusedRetry) {
  Balancer<int, int> balancer{background()};
  balancer.add_worker({}, [](Context, int) -> Task<std::expected<int, Failure>> {
    co_return std::unexpected(Failure(Kind::rejected, Why::retry_budget));
  });
  auto traced = co_await balancer.trace(background(), 1);
  EXPECT_EQ(traced.attempts, 1u);
  if (!traced.outcome) {
    EXPECT_EQ(traced.outcome.error().kind, Kind::rejected);
  }
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, TellsTheWorkerWhichRequestItServes) {
  Balancer<int, double> balancer{background()};
  balancer.add_worker({}, [](Context, int, balance::Request request) -> Task<double> {
    co_return static_cast<double>(request.id + 10 * request.key) + 100 * request.cost +
        1000 * request.priority;
  });
  const CallOptions options{.id = 1, .key = 2, .cost = 3, .priority = 4};
  auto answer = co_await balancer.call(background(), 0, options);
  EXPECT_TRUE(answer.has_value());
  if (answer) {
    EXPECT_EQ(*answer, 4321);
  }
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, PassesTheContextDownToTheWorker) {
  Balancer<int, bool> balancer{background()};
  balancer.add_worker(
      {}, [](Context context, int) -> Task<bool> { co_return context.deadline() != time_never; });
  auto [context, cancel] = with_timeout(background(), 1h);
  auto answer = co_await balancer.call(context, 0);
  EXPECT_TRUE(answer.has_value() && *answer);
  cancel();
  co_await balancer.drain(background());
}

CONCURRENCY_TEST(Balancer, CarriesQueriesAndAnswersThatOnlyMove) {
  Balancer<Counted, Counted> balancer{background()};
  balancer.add_worker({}, [](Context, Counted query) -> Task<Counted> {
    co_await yield();
    co_return Counted(query.value() + 1);
  });
  for (int i = 0; i < 3; ++i) {
    Counted query(i);
    auto answer = co_await balancer.call(background(), std::move(query));
    EXPECT_TRUE(answer.has_value());
    if (answer) {
      EXPECT_EQ(answer->value(), i + 1);
    }
  }
  co_await balancer.drain(background());
}

struct Parcel {
  std::string address;
  std::unique_ptr<int> content;
};
struct Letter {
  std::string address;
};

CONCURRENCY_TEST(Balancer, CarriesAggregatesThatHaveANameUnderEveryCompiler) {
  Balancer<Letter, std::size_t> letters{background()};
  letters.add_worker(
      {}, [](Context, Letter letter) -> Task<std::size_t> { co_return letter.address.size(); });
  const Letter letter{std::string(100, 'x')};
  auto length = co_await letters.call(background(), letter);
  EXPECT_TRUE(length.has_value() && *length == 100);
  co_await letters.drain(background());

  Balancer<Parcel, int> parcels{background()};
  parcels.add_worker({}, [](Context, Parcel parcel) -> Task<int> {
    co_return parcel.content == nullptr ? 0 : *parcel.content;
  });
  Parcel parcel{std::string(100, 'y'), std::make_unique<int>(7)};
  auto content = co_await parcels.call(background(), moved(parcel));
  EXPECT_TRUE(content.has_value() && *content == 7);
  co_await parcels.drain(background());
}

CONCURRENCY_TEST(Balancer, ServesThroughAnotherBalancer) {
  Balancer<int, int> back(background(), {.id = 2});
  back.add_worker({}, twice);
  back.add_worker({}, twice);
  Balancer<int, int> front(background(), {.id = 1});
  front.add_worker({.concurrency = 4},
                   [&back](Context context, int query) { return back.call(context, query); });
  std::atomic<int> answered = 0;
  WaitGroup all;
  for (int i = 0; i < 20; ++i) all.go(ask_once(front, i, answered));
  co_await all.wait();
  EXPECT_EQ(answered, 20);
  co_await front.drain(background());
  co_await back.drain(background());
}

// The workers that serve the calls of one balancer, one call after the other.
Task<std::vector<balance::WorkerIndex>> choices_of(Jobs& jobs) {
  for (int i = 0; i < 16; ++i) jobs.add_worker({}, serve_job);
  std::vector<balance::WorkerIndex> chosen;
  for (int i = 0; i < 20; ++i) {
    const Job job{.id = i};
    auto trace = co_await jobs.trace(background(), job);
    chosen.push_back(trace.timing.worker->index);
  }
  co_await jobs.drain(background());
  co_return chosen;
}

VIRTUAL_TEST(Balancer, ChoosesIndependentlyOfOthersUnlessTheyShareAName) {
  Jobs one{background()};
  Jobs other{background()};
  Jobs seven(background(), {.id = 7});
  Jobs also_seven(background(), {.id = 7});
  const auto first = co_await choices_of(one);
  const auto second = co_await choices_of(other);
  const auto third = co_await choices_of(seven);
  const auto fourth = co_await choices_of(also_seven);
  EXPECT_NE(first, second);
  EXPECT_EQ(third, fourth);
}

// Holds every request until its tick, then sends.
class TickingPolicy final : public balance::Policy {
 public:
  balance::Decision pick(const balance::Request&, const balance::View& view, Random&) override {
    if (view.now() < open_) return balance::Decision::hold();
    return balance::Decision::send(view.eligible().front());
  }
  void on_event(const balance::Event& event, const balance::View&, Random&) override {
    if (event.kind == balance::Event::Kind::tick) ticked_ = true;
  }
  TimePoint next_tick() const override { return ticked_ ? time_never : open_; }

 private:
  const TimePoint open_ = TimePoint(50ms);
  bool ticked_ = false;
};

VIRTUAL_TEST(Balancer, AsksThePolicyAgainAfterItsTick) {
  Jobs jobs(background(), {.policy = balance::custom<TickingPolicy>("ticking")});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  calls.go({.id = 1, .time = 10ms});
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).at, TimePoint(60ms));
  co_await jobs.drain(background());
}

// Holds the first request that it sees and refuses it when it is asked again.
class FicklePolicy final : public balance::Policy {
 public:
  balance::Decision pick(const balance::Request& request, const balance::View& view,
                         Random&) override {
    if (request.id != 1) return balance::Decision::send(view.eligible().front());
    if (!std::exchange(asked_, true)) return balance::Decision::hold();
    return balance::Decision::reject();
  }

 private:
  bool asked_ = false;
};

VIRTUAL_TEST(Balancer, RefusesAHeldRequestIfThePolicyDoes) {
  Jobs jobs(background(), {.policy = balance::custom<FicklePolicy>("fickle")});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  co_await calls.start({.id = 1}, background(), {.id = 1});
  jobs.add_worker({}, serve_job);  // so that the policy is asked again
  co_await calls.wait();
  EXPECT_FALSE(calls.of(1).answered());
  if (!calls.of(1).answered()) {
    EXPECT_EQ(calls.of(1).reason(), Why::refused);
  }
  co_await jobs.drain(background());
}

}  // namespace
}  // namespace weir::rpc::test
