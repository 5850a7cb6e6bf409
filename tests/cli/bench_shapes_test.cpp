// What weir bench measures does what it says, wherever it runs.

#include "weir/cli/bench_shapes.h"

#include <gtest/gtest.h>

#include "weir/cli/bench_balancer.h"
#include "weir/cli/bench_jobs.h"
#include "weir/cli/bench_scenarios.h"
#include "weir/runtime/run.h"
#include "weir/sync/sleep.h"

namespace weir::cli::shape {
namespace {

using namespace std::chrono_literals;

// On one processor, on two, and in virtual time.
void expect_everywhere(Task<std::int64_t> (*start)(int), int count, std::int64_t proof) {
  EXPECT_EQ(run(start(count), {.processors = 1}), proof);
  EXPECT_EQ(run(start(count), {.processors = 2}), proof);
  EXPECT_EQ(run_virtual(start(count)), proof);
}

TEST(BenchShapes, GiveTheirProofs) {
  expect_everywhere(spawn, 100, 100);
  expect_everywhere(ping_pong, 100, 4950);
  expect_everywhere([](int n) { return one_to_one(n, buffered); }, 100, 4950);
  expect_everywhere([](int n) { return many_to_many(n, buffered); }, 400, 79800);
  expect_everywhere([](int n) { return many_to_many(n, 0); }, 400, 79800);
  expect_everywhere([](int n) { return select_of_four(n, 0); }, 400, 79800);
  expect_everywhere([](int n) { return select_of_four(n, buffered); }, 400, 79800);
  expect_everywhere(worker_pool, 100, 4950);
  expect_everywhere(classic_balancer, 7, 700);
}

TEST(BenchShapes, DoNothingIfThereIsNothingToDo) {
  expect_everywhere(spawn, 0, 0);
  expect_everywhere(ping_pong, 0, 0);
  expect_everywhere(worker_pool, 0, 0);
}

TEST(BenchShapes, SimulateTheirLoad) {
  const auto one = sim::run_replication(one_server(2000s), 0, Duration::zero());
  EXPECT_NEAR(static_cast<double>(one.loads[0].counts.offered), 2000 * one_server_rate, 200);
  const auto ten = sim::run_replication(ten_workers(200s), 0, Duration::zero());
  EXPECT_NEAR(static_cast<double>(ten.loads[0].counts.offered), 200 * ten_workers_rate, 200);
}

TEST(BenchJobs, GiveTheSameSumWithEveryCrew) {
  const JobBatch batch{.jobs = 100, .turns = 50};
  const std::uint64_t proof = sum_of_jobs(batch);
  for (const Crew crew : {Crew::unbounded, Crew::semaphore, Crew::pool, Crew::balancer}) {
    EXPECT_EQ(run(do_jobs(batch, crew, 3), {.processors = 2}), proof);
    EXPECT_EQ(run_virtual(do_jobs(batch, crew, 1)), proof);
  }
  EXPECT_EQ(do_jobs_on_threads(batch, 3), proof);
  EXPECT_NE(sum_of_jobs({.jobs = 100, .turns = 51}), proof);
}

Task<Duration> time_of(JobBatch batch, Crew crew, std::size_t workers) {
  const TimePoint begin = now();
  co_await do_jobs(batch, crew, workers);
  co_return now() - begin;
}

// In virtual time it is known how long so many workers take for jobs that wait.
TEST(BenchJobs, WaitAsManyAtATimeAsThereAreWorkers) {
  const JobBatch batch{.jobs = 128, .pause = 1ms};
  for (const Crew crew : {Crew::semaphore, Crew::pool, Crew::balancer}) {
    EXPECT_EQ(run_virtual(time_of(batch, crew, 1)), 128ms);
    EXPECT_EQ(run_virtual(time_of(batch, crew, 3)), 43ms);
    EXPECT_EQ(run_virtual(time_of(batch, crew, 32)), 4ms);
  }
  EXPECT_EQ(run_virtual(time_of(batch, Crew::unbounded, 1)), 1ms);
}

}  // namespace
}  // namespace weir::cli::shape
