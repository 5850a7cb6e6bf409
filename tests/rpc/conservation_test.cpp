// Random programs: whatever happens, each call has one outcome, and everything is accounted for.

#include <array>

#include "tests/rpc/balancing.h"
#include "weir/balance/central_queue.h"
#include "weir/balance/least_loaded.h"
#include "weir/balance/random_choice.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

struct Count {
  int answered = 0;
  std::array<int, 4> failed{};  // by kind
  std::uint64_t attempts = 0;

  int sum() const { return answered + failed[0] + failed[1] + failed[2] + failed[3]; }
};

class Program {
 public:
  explicit Program(std::uint64_t seed) : random_({seed, 0}, "program") {}

  Task<> run() {
    Watcher watcher;
    Jobs jobs(background(), options(watcher));
    const std::uint64_t workers = 1 + draw(4);
    for (std::uint64_t i = 0; i < workers; ++i) add_worker(jobs);
    WaitGroup all;
    Count count;
    for (int i = 0; i < calls; ++i) {
      co_await sleep(milliseconds(4));
      const Job job{.id = i, .time = milliseconds(20)};
      all.go(call(jobs, job, draw(2) == 0 ? Duration::max() : milliseconds(40), count));
      if (draw(50) == 0) add_worker(jobs);
    }
    auto [patience, cancel] = with_timeout(background(), milliseconds(60));
    if (draw(3) > 0) co_await jobs.drain(patience);
    co_await all.wait();
    const bool ended = co_await jobs.drain(background());

    EXPECT_TRUE(ended);
    EXPECT_EQ(count.sum(), calls);
    EXPECT_EQ(watcher.timely, static_cast<std::size_t>(count.answered));
    EXPECT_LE(watcher.answers, count.attempts);
    EXPECT_EQ(watcher.line, 0u);
    for (const auto& worker : watcher.workers) {
      EXPECT_EQ(worker.serving, 0u);
      EXPECT_EQ(worker.waiting, 0u);
    }
  }

 private:
  static constexpr int calls = 120;

  std::uint64_t draw(std::uint64_t bound) { return random_.below(bound); }
  Duration milliseconds(std::uint64_t max) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(draw(max + 1)));
  }

  BalancerOptions options(Watcher& watcher) {
    const balance::PolicySpec policies[] = {balance::p2c(),         balance::central_queue(),
                                            balance::round_robin(), balance::least_loaded(),
                                            balance::random(),      balance::central_queue(2)};
    BalancerOptions options{.policy = policies[draw(std::size(policies))]};
    options.queue = queue();
    options.retry.max = static_cast<std::uint32_t>(draw(4));
    if (draw(2) == 0) options.retry.attempt_timeout = 1ms + milliseconds(15);
    options.retry.backoff.base = milliseconds(5);
    if (draw(3) == 0) options.budgets = {BudgetOptions{.ratio = 0.1, .reserve_per_second = 0.1}};
    options.observer = &watcher;
    return options;
  }

  QueueOptions queue() {
    QueueOptions queue;
    if (draw(4) > 0) queue.limit = static_cast<std::uint32_t>(draw(5));
    queue.discipline = draw(2) == 0 ? Discipline::fifo : Discipline::lifo;
    const Overflow rules[] = {Overflow::reject, Overflow::drop_oldest, Overflow::block};
    queue.overflow = rules[draw(3)];
    return queue;
  }

  void add_worker(Jobs& jobs) {
    WorkerOptions options;
    options.concurrency = 1 + static_cast<std::uint32_t>(draw(3));
    if (draw(4) == 0) options.queue = queue();
    const std::uint64_t one_in = 2 + draw(10);
    jobs.add_worker(options, [one_in](Context, Job job) { return serve_or_fail(job, one_in); });
  }

  static Task<std::expected<int, Failure>> serve_or_fail(Job job, std::uint64_t one_in) {
    co_await sleep(job.time);
    if (static_cast<std::uint64_t>(job.id) % one_in == 0) {
      co_return std::unexpected(Failure(Kind::failed));
    }
    co_return job.id;
  }

  static Task<> call(Jobs& jobs, Job job, Duration timeout, Count& count) {
    auto [context, cancel] = with_timeout(background(), timeout);
    auto trace = co_await jobs.trace(context, job);
    count.attempts += trace.attempts;
    if (trace.outcome) {
      EXPECT_EQ(*trace.outcome, job.id);
      ++count.answered;
    } else {
      ++count.failed[static_cast<std::size_t>(trace.outcome.error().kind)];
      if (context.cancelled()) {
        EXPECT_EQ(trace.outcome.error().kind, Kind::timed_out);
      }
    }
    cancel();
  }

  Random random_;
};

Task<> run_program(std::uint64_t seed) {
  Program program(seed);
  co_await program.run();
}

TEST(Conservation, HoldsInRandomPrograms) {
  const std::uint64_t first = weir::test::seed_asked_for(0);
  for (std::uint64_t seed = first; seed < first + 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "WEIR_TEST_SEED=" << seed);
    run_virtual(run_program(seed), {.seed = seed, .order = Order::drawn, .on_leak = OnLeak::fail});
    if (HasFailure()) break;
    run_virtual(run_program(seed), {.seed = seed, .on_leak = OnLeak::fail});
    if (HasFailure()) break;
  }
}

TEST(Conservation, HoldsTheSameWayTwice) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::uint64_t once = 0;
    std::uint64_t again = 0;
    run_virtual(run_program(seed), {.seed = seed, .order = Order::drawn}, &once);
    run_virtual(run_program(seed), {.seed = seed, .order = Order::drawn}, &again);
    EXPECT_EQ(once, again) << "seed " << seed;
  }
}

}  // namespace
}  // namespace weir::rpc::test
