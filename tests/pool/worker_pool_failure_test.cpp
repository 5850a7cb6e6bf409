// What a pool does when jobs fail, when it is cancelled, and when it would wait for itself.

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/pool/worker_pool.h"
#include "weir/weir.h"

namespace weir::pool {
namespace {

using test::Counted;

Task<int> fail_at_multiples_of_three(Counted job) {
  co_await yield();
  if (job.value() % 3 == 0) throw std::runtime_error(std::to_string(job.value()));
  co_return job.value();
}

std::string text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

// The text of what leaves `task`; empty if nothing does.
Task<std::string> failure_of(Task<> task) {
  try {
    co_await task;
  } catch (const std::runtime_error& error) {
    co_return error.what();
  }
  co_return std::string();
}

template <class Pool>
Task<> submit_up_to(Pool& pool, int count) {
  for (int i = 1; i <= count; ++i) {
    auto submitted = co_await pool.submit(background(), Counted(i));
    if (!submitted) break;
  }
  pool.close();
}

CONCURRENCY_TEST(WorkerPoolFailure, IsTheOutcomeOfItsJob) {
  using Pool = WorkerPool<Counted, int>;
  Pool pool(background(), fail_at_multiples_of_three,
            {.workers = 3, .queue_max = 2, .order = ResultOrder::as_submitted});
  go(submit_up_to<Pool>, std::ref(pool), 12);

  int next = 0;
  auto results = pool.results();
  while (auto outcome = co_await results.receive()) {
    ++next;
    EXPECT_EQ(outcome->has_value(), next % 3 != 0);
    const std::string text = *outcome ? std::string() : text_of(outcome->error());
    EXPECT_EQ(text, *outcome ? std::string() : std::to_string(next));
  }
  co_await pool.wait();
  EXPECT_EQ(next, 12);
  const Figures figures = co_await pool.figures();
  EXPECT_EQ(figures, (Figures{.submitted = 12, .completed = 8, .failed = 4}));
}

CONCURRENCY_TEST(WorkerPoolFailure, StopsThePoolIfToldSo) {
  for (const ResultOrder order : {ResultOrder::as_finished, ResultOrder::as_submitted}) {
    using Pool = WorkerPool<Counted, int>;
    Pool pool(background(), fail_at_multiples_of_three,
              {.workers = 1, .queue_max = 2, .order = order, .on_failure = OnFailure::stop});
    auto submitter = go(submit_up_to<Pool>, std::ref(pool), 1000);

    auto results = pool.results();
    while (auto outcome = co_await results.receive()) EXPECT_LE(outcome->value(), 2);
    co_await submitter.join();
    auto failure = co_await failure_of(pool.wait());
    EXPECT_EQ(failure, "3");
    const Figures figures = co_await pool.figures();
    EXPECT_EQ(figures.completed, 2U);
    EXPECT_EQ(figures.failed, 1U);
    EXPECT_LE(figures.dropped, 2U);
    EXPECT_EQ(figures.submitted, 3U + figures.dropped);
  }
}

CONCURRENCY_TEST(WorkerPoolFailure, ReachesTheOtherJobsByTheirContext) {
  auto serve = [](Context context, int job) -> Task<> {
    if (job == 0) throw std::runtime_error("first");
    auto cancelled = done(context);
    co_await select(cancelled);
    EXPECT_EQ(context.cause().reason, Reason::failed);
  };
  WorkerPool<int> pool(background(), serve, {.workers = 3, .on_failure = OnFailure::stop});
  for (int i = 2; i >= 0; --i) co_await pool.submit(background(), i);
  auto failure = co_await failure_of(pool.drain());
  EXPECT_EQ(failure, "first");
}

CONCURRENCY_TEST(WorkerPoolFailure, IsThrownAtTheEndWhereThereAreNoResults) {
  int served = 0;
  auto serve = [&served](int job) {
    ++served;
    if (job % 2 == 1) throw std::runtime_error(std::to_string(job));
  };
  WorkerPool<int> pool(background(), serve, {.workers = 1});
  for (int i = 0; i < 6; ++i) co_await pool.submit(background(), i);
  auto failure = co_await failure_of(pool.drain());
  EXPECT_EQ(failure, "1");
  EXPECT_EQ(served, 6);
}

CONCURRENCY_TEST(WorkerPoolCancellation, EndsJobsUnderWayAndDropsTheRest) {
  for (const ResultOrder order : {ResultOrder::as_finished, ResultOrder::as_submitted}) {
    auto [context, cancel] = with_cancel(background());
    auto begun = make_channel<int>(2);
    auto serve = [&begun](Context until, Counted) -> Task<Counted> {
      co_await begun.send(0);
      auto cancelled = done(until);
      co_await select(cancelled);
      co_return Counted(1);
    };
    WorkerPool<Counted, Counted> pool(context, serve,
                                      {.workers = 2, .queue_max = 5, .order = order});
    for (int i = 0; i < 7; ++i) co_await pool.submit(background(), Counted(i));
    for (int i = 0; i < 2; ++i) co_await begun.receive();
    cancel();

    auto refused = co_await pool.submit(background(), Counted(9));
    EXPECT_FALSE(refused.has_value());
    EXPECT_FALSE(pool.try_submit(Counted(9)));
    co_await pool.wait();
    const Figures figures = co_await pool.figures();
    EXPECT_EQ(figures, (Figures{.submitted = 7, .completed = 2, .dropped = 5}));
  }
}

CONCURRENCY_TEST(WorkerPoolCancellation, FreesWorkersThatWaitForAReader) {
  WorkerPool<Counted, Counted> pool(background(), [](Counted job) { return job; },
                                    {.workers = 2, .results_max = 0});
  for (int i = 0; i < 6; ++i) co_await pool.submit(background(), Counted(i));
  co_await yield();
  pool.cancel();
  co_await pool.wait();
  const Figures figures = co_await pool.figures();
  EXPECT_EQ(figures.submitted, 6U);
  EXPECT_EQ(figures.completed + figures.dropped, 6U);
}

// Each job submits two smaller ones to the pool that serves it.
CONCURRENCY_TEST(WorkerPoolNesting, ServesItsOwnJobsItselfWhenTheQueueIsFull) {
  using Pool = WorkerPool<int, int>;
  Pool* own = nullptr;
  auto serve = [&own](Context context, int job) -> Task<int> {
    for (int i = 0; job > 0 && i < 2; ++i) co_await own->submit(context, job - 1);
    co_return job;
  };
  Pool pool(background(), serve, {.workers = 2, .queue_max = 1, .results_max = 1});
  own = &pool;
  co_await pool.submit(background(), 4);
  auto results = pool.results();
  for (int i = 0; i < 31; ++i) {
    auto outcome = co_await results.receive();
    EXPECT_TRUE(outcome->has_value());
  }
  co_await pool.drain();
  const Figures figures = co_await pool.figures();
  EXPECT_EQ(figures, (Figures{.submitted = 31, .completed = 31}));
}

// The job waits for a task that waits for room, which only the job's end could make.
Task<> submit_by_another_task() {
  using Pool = WorkerPool<int>;
  Pool* own = nullptr;
  auto serve = [&own](int) -> Task<> {
    TaskGroup others;
    others.go([](Pool& target) -> Task<> { co_await target.submit(background(), 0); },
              std::ref(*own));
    co_await others.wait();
  };
  Pool pool(background(), serve, {.workers = 1, .queue_max = 0});
  own = &pool;
  co_await pool.submit(background(), 0);
  co_await pool.wait();
}

TEST(WorkerPoolNesting, IsADeadlockThatIsReportedWhereThePoolCannotHelp) {
  const std::string report = test::deadlock_of(submit_by_another_task);

  EXPECT_NE(report.find("deadlock"), std::string::npos);
  EXPECT_NE(report.find("worker_pool_failure_test.cpp"), std::string::npos) << report;
}

Task<> submit_in_order_to_itself() {
  using Pool = WorkerPool<int, int>;
  Pool* own = nullptr;
  auto serve = [&own](int job) -> Task<int> {
    for (int i = 0; job == 0 && i < 10; ++i) co_await own->submit(background(), 1);
    co_return job;
  };
  Pool pool(background(), serve,
            {.workers = 1, .queue_max = 1, .order = ResultOrder::as_submitted});
  own = &pool;
  co_await pool.submit(background(), 0);
  co_await pool.wait();
}

TEST(WorkerPoolNesting, IsADeadlockThatIsReportedInOrderOfSubmission) {
  EXPECT_NE(test::deadlock_of(submit_in_order_to_itself).find("deadlock"), std::string::npos);
}

Task<> forget_to_wait() {
  WorkerPool<int> pool(background(), [](int) {});
  pool.close();
  co_return;
}

TEST(WorkerPoolDeathTest, HasToBeWaitedFor) {
  EXPECT_DEATH(run_virtual(forget_to_wait()), "co_await its wait");
}

Task<> submit_after_close() {
  WorkerPool<int> pool(background(), [](int) {});
  pool.close();
  co_await pool.submit(background(), 1);
}

TEST(WorkerPoolDeathTest, TakesNoJobAfterItWasClosed) {
  EXPECT_DEATH(run_virtual(submit_after_close()), "closed");
}

Task<> without_workers() {
  WorkerPool<int> pool(background(), [](int) {}, {.workers = 0});
  co_await pool.drain();
}

TEST(WorkerPoolDeathTest, NeedsAWorker) {
  EXPECT_DEATH(run_virtual(without_workers()), "would never serve a job");
}

}  // namespace
}  // namespace weir::pool
