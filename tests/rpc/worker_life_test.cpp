// A worker's life in a balancer: down and up, drained, removed, larger and smaller.

#include <gtest/gtest.h>

#include "tests/rpc/balancing.h"
#include "weir/balance/catalog.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

constexpr Duration job_time = 10ms;

Job job(int id, Duration time = job_time) {
  return Job{.id = id, .time = time};
}

VIRTUAL_TEST(WorkerLife, AWorkerThatIsDownGetsNothing) {
  Jobs jobs(background(), {.policy = balance::round_robin()});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  co_await first.take_down();
  Calls calls(jobs);
  for (int id = 0; id < 4; ++id) co_await calls.start(job(id));
  co_await calls.wait();
  for (const Ending& ending : calls.endings()) EXPECT_EQ(ending.trace.timing.worker->index, 1u);
  EXPECT_EQ(calls.count(), 4u);
}

VIRTUAL_TEST(WorkerLife, WithoutAnyWorkerUpCallsAreRejectedAtOnce) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  co_await only.take_down();
  Calls calls(jobs);
  const TimePoint begin = now();
  calls.go(job(1));
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::rejected);
  EXPECT_EQ(calls.of(1).reason(), Why::no_worker);
  EXPECT_EQ(calls.of(1).at, begin);
}

VIRTUAL_TEST(WorkerLife, AWorkerThatComesUpServesAgain) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  co_await only.take_down();
  co_await only.bring_up();
  Calls calls(jobs);
  calls.go(job(1));
  co_await calls.wait();
  EXPECT_TRUE(calls.of(1).answered());
}

// One is served there, two wait; they move to the other worker, in order.
VIRTUAL_TEST(WorkerLife, WhatWaitsAtAWorkerThatGoesDownIsPlacedAnew) {
  Watcher watcher;
  Jobs jobs(background(), {.policy = balance::round_robin(), .observer = &watcher});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  const WorkerHandle second = jobs.add_worker({.name = "b"}, serve_job);
  co_await second.take_down();
  Calls calls(jobs);
  for (int id = 0; id < 3; ++id) co_await calls.start(job(id));
  EXPECT_EQ(watcher.at(0).waiting, 2u);
  co_await second.bring_up();
  co_await first.take_down();
  co_await calls.wait();
  EXPECT_EQ(watcher.at(0).waiting, 0u);
  EXPECT_EQ(calls.of(0).trace.timing.worker->index, 0u);  // what is begun is served
  EXPECT_EQ(calls.of(1).trace.timing.worker->index, 1u);
  EXPECT_EQ(calls.of(2).trace.timing.worker->index, 1u);
  EXPECT_LT(calls.of(1).at, calls.of(2).at);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(WorkerLife, WhatFindsNoRoomElsewhereIsRejected) {
  Jobs jobs(background(), {.policy = balance::round_robin(), .queue = {.limit = 1}});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  Calls calls(jobs);
  for (int id = 0; id < 4; ++id) co_await calls.start(job(id));  // both serve one and are full
  const TimePoint crash = now();
  co_await first.take_down();
  co_await calls.wait();
  EXPECT_EQ(calls.of(2).reason(), Why::full);
  EXPECT_EQ(calls.of(2).at, crash);
  EXPECT_TRUE(calls.of(3).answered());
}

VIRTUAL_TEST(WorkerLife, WhatFindsNoWorkerElsewhereIsRejected) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  for (int id = 0; id < 2; ++id) co_await calls.start(job(id));
  co_await only.take_down();
  co_await calls.wait();
  EXPECT_TRUE(calls.of(0).answered());
  EXPECT_EQ(calls.of(1).reason(), Why::no_worker);
}

VIRTUAL_TEST(WorkerLife, ACallerMayLeaveAfterItsAttemptWasPlacedAnew) {
  Watcher watcher;
  Jobs jobs(background(), {.policy = balance::round_robin(), .observer = &watcher});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  Calls calls(jobs);
  for (int id = 0; id < 2; ++id) co_await calls.start(job(id));
  auto [context, cancel] = with_cancel(background());
  co_await calls.start(job(2), context);
  co_await first.take_down();
  co_await sleep(1ns);
  EXPECT_EQ(watcher.at(1).waiting, 1u);
  cancel();
  co_await sleep(1ns);
  EXPECT_EQ(watcher.at(1).waiting, 0u);
  co_await calls.wait();
  EXPECT_EQ(calls.of(2).kind(), Kind::cancelled);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(WorkerLife, DrainingWaitsForAllThatTheWorkerHas) {
  Jobs jobs(background(), {.policy = balance::round_robin()});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  Calls calls(jobs);
  const TimePoint begin = now();
  co_await calls.start(job(0));
  co_await calls.start(job(1));
  const bool empty = co_await first.drain(background());
  EXPECT_TRUE(empty);
  EXPECT_EQ(now() - begin, 2 * job_time);
  calls.go(job(2));
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1}));
  EXPECT_EQ(calls.of(2).reason(), Why::no_worker);
}

VIRTUAL_TEST(WorkerLife, DrainingAnIdleWorkerIsOverAtOnce) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  const TimePoint begin = now();
  const bool empty = co_await only.drain(background());
  EXPECT_TRUE(empty);
  EXPECT_EQ(now(), begin);
}

VIRTUAL_TEST(WorkerLife, DrainingGivesUpWithItsContext) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  co_await calls.start(job(0, 1s));
  auto [context, cancel] = with_timeout(background(), 5ms);
  const bool empty = co_await only.drain(context);
  EXPECT_FALSE(empty);
  co_await only.bring_up();
  co_await calls.wait();
  EXPECT_TRUE(calls.of(0).answered());
}

VIRTUAL_TEST(WorkerLife, DrainingEndsWithTheBalancer) {
  auto [context, cancel] = with_cancel(background());
  Jobs jobs(context);
  const WorkerHandle only = jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  co_await calls.start(job(0));
  cancel();
  const bool empty = co_await only.drain(background());
  EXPECT_TRUE(empty);
  co_await calls.wait();
}

// The place of a removed worker is taken by the next one; news of the old one changes nothing.
VIRTUAL_TEST(WorkerLife, ARemovedWorkerFinishesWhatItHasBegun) {
  Watcher watcher;
  Jobs jobs(background(), {.policy = balance::round_robin(), .observer = &watcher});
  const WorkerHandle old = jobs.add_worker({.name = "old"}, serve_job);
  Calls calls(jobs);
  co_await calls.start(job(0));
  co_await old.remove();
  jobs.add_worker({.name = "new"}, serve_job);
  co_await calls.start(job(1));
  co_await old.take_down();  // late orders are no bug
  co_await old.set_weight(3);
  const bool empty = co_await old.drain(background());
  EXPECT_TRUE(empty);
  co_await calls.wait();
  EXPECT_TRUE(calls.of(0).answered());
  EXPECT_TRUE(calls.of(1).answered());
  EXPECT_EQ(calls.of(1).trace.timing.worker->generation, 2u);
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.at(0).serving, 0u);
}

VIRTUAL_TEST(WorkerLife, MoreSlotsServeMoreAtOnce) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({.concurrency = 1, .concurrency_max = 3}, serve_job);
  Calls calls(jobs);
  const TimePoint begin = now();
  for (int id = 0; id < 3; ++id) co_await calls.start(job(id));
  co_await sleep(5ms);
  co_await only.set_concurrency(3);
  co_await calls.wait();
  EXPECT_EQ(calls.of(0).at - begin, 10ms);
  EXPECT_EQ(calls.of(1).at - begin, 15ms + 3ns);
  EXPECT_EQ(calls.of(2).at - begin, 15ms + 3ns);
}

VIRTUAL_TEST(WorkerLife, FewerSlotsFinishWhatIsBegun) {
  Jobs jobs(background());
  const WorkerHandle only = jobs.add_worker({.concurrency = 2}, serve_job);
  Calls calls(jobs);
  const TimePoint begin = now();
  for (int id = 0; id < 4; ++id) co_await calls.start(job(id));
  co_await sleep(5ms);
  co_await only.set_concurrency(1);
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).at - begin, 10ms + 1ns);
  EXPECT_EQ(calls.of(2).at - begin, 20ms + 1ns);
  EXPECT_EQ(calls.of(3).at - begin, 30ms + 1ns);
}

VIRTUAL_TEST(WorkerLife, AWorkerOfWeightZeroGetsNothing) {
  Jobs jobs(background());
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  co_await first.set_weight(0);
  Calls calls(jobs);
  for (int id = 0; id < 6; ++id) co_await calls.start(job(id));
  co_await calls.wait();
  for (const Ending& ending : calls.endings()) EXPECT_EQ(ending.trace.timing.worker->index, 1u);
}

VIRTUAL_TEST(WorkerLife, AnEjectedWorkerKeepsItsLine) {
  Watcher watcher;
  Jobs jobs(background(), {.policy = balance::round_robin(), .observer = &watcher});
  const WorkerHandle first = jobs.add_worker({.name = "a"}, serve_job);
  jobs.add_worker({.name = "b"}, serve_job);
  Calls calls(jobs);
  for (int id = 0; id < 4; ++id) co_await calls.start(job(id));
  co_await first.eject();
  co_await sleep(1ns);
  EXPECT_EQ(watcher.at(0).waiting, 1u);
  co_await calls.wait();
  EXPECT_EQ(calls.answered().size(), 4u);
  co_await jobs.drain(background());
}

// More workers than the balancer has room for messages, and an order for each at once: orders that
// overtake their worker are kept for it.
VIRTUAL_TEST(WorkerLife, OrdersMayOvertakeTheirWorker) {
  constexpr int workers = 600;
  Jobs jobs(background(), {.policy = balance::round_robin()});
  std::vector<WorkerHandle> handles;
  for (int i = 0; i < workers; ++i) handles.push_back(jobs.add_worker({}, serve_job));
  for (int i = 0; i < workers - 1; ++i) co_await handles[static_cast<std::size_t>(i)].take_down();
  co_await sleep(1ns);
  Calls calls(jobs);
  for (int id = 0; id < 5; ++id) co_await calls.start(job(id));
  co_await calls.wait();
  EXPECT_EQ(calls.answered().size(), 5u);
  const auto worker = calls.of(0).trace.timing.worker;
  for (const Ending& ending : calls.endings()) EXPECT_EQ(ending.trace.timing.worker, worker);
}

// A worker that loses every job that it serves.
Task<std::expected<int, Failure>> lose_job(Context, Job job) {
  co_await sleep(job.time);
  co_return std::unexpected(Failure::lost());
}

VIRTUAL_TEST(WorkerLife, ALostAttemptFreesItsSlotAndTellsNobody) {
  Watcher watcher;
  Jobs jobs(background(), {.observer = &watcher});
  jobs.add_worker({}, lose_job);
  Calls calls(jobs);
  const TimePoint begin = now();
  auto [context, cancel] = with_timeout(background(), 50ms);
  calls.go(job(1), context);
  co_await sleep(job_time + 1ns);
  EXPECT_EQ(watcher.at(0).serving, 0u);
  EXPECT_EQ(calls.count(), 0u);
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
  EXPECT_EQ(calls.of(1).at - begin, 50ms);
  co_await jobs.drain(background());
}

// One task that answers its jobs in pairs: nothing that tasks of their own could do.
Task<> serve_in_pairs(JobSource<Job, int> source) {
  auto next = source.next();
  std::optional<rpc::Job<Job, int>> first;
  while (true) {
    co_await select_first(next);
    if (!next) break;
    auto second = source.take(next);
    if (!first) {
      first.emplace(std::move(second));
      continue;
    }
    const auto well = first->answer(first->query().id);
    const auto badly = second.answer(std::unexpected(Failure::down()));
    first.reset();
    co_await source.report(well);
    co_await source.report(badly);
  }
}

VIRTUAL_TEST(WorkerLife, OneTaskCanServeManyJobs) {
  Jobs jobs(background());
  jobs.add_worker_task({.concurrency = 2}, serve_in_pairs);
  Calls calls(jobs);
  const TimePoint begin = now();
  calls.go(job(0));
  co_await sleep(7ms);
  calls.go(job(1));
  co_await calls.wait();
  EXPECT_TRUE(calls.of(0).answered());
  EXPECT_EQ(calls.of(0).at - begin, 7ms);
  EXPECT_EQ(calls.of(0).trace.timing.finished - calls.of(0).trace.timing.started, 7ms);
  EXPECT_EQ(calls.of(1).kind(), Kind::failed);
  EXPECT_EQ(calls.of(1).reason(), Why::down);
}

// Orders and calls from many tasks at once: whoever is not answered is told why.
CONCURRENCY_TEST(WorkerLife, EveryCallEndsWhileWorkersComeAndGo) {
  Jobs jobs(background(), {.queue = {.limit = 2}});
  std::vector<WorkerHandle> handles;
  for (int i = 0; i < 3; ++i) handles.push_back(jobs.add_worker({}, serve_job));
  auto ends = make_channel<bool>(64);
  WaitGroup group;
  for (int id = 0; id < 24; ++id) {
    group.go(
        [](Jobs& all, Channel<bool> out, int number) -> Task<> {
          const Job asked = job(number, Duration(number % 3));
          const auto answer = co_await all.call(background(), asked);
          const bool expected = answer ? *answer == number : answer.error().kind == Kind::rejected;
          co_await out.send(expected);
        },
        std::ref(jobs), ends, id);
  }
  for (const WorkerHandle& handle : handles) {
    group.go(
        [](WorkerHandle worker) -> Task<> {
          co_await worker.take_down();
          co_await yield();
          co_await worker.bring_up();
          const bool empty = co_await worker.drain(background());
          EXPECT_TRUE(empty);
          co_await worker.bring_up();
        },
        handle);
  }
  group.go([](WorkerHandle worker) -> Task<> { co_await worker.remove(); }, handles[0]);
  co_await group.wait();
  ends.close();
  int ended = 0;
  while (auto expected = co_await ends.receive()) {
    EXPECT_TRUE(*expected);
    ++ended;
  }
  EXPECT_EQ(ended, 24);
  const bool drained = co_await jobs.drain(background());
  EXPECT_TRUE(drained);
}

}  // namespace
}  // namespace weir::rpc::test
