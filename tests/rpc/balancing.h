// What the tests of the balancer share: jobs that take a given time, and an observer that keeps
// what it is told.

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/rpc/balancer.h"
#include "weir/sync/wait_group.h"

namespace weir::rpc::test {

using namespace std::chrono_literals;
using Kind = Failure::Kind;
using Why = Failure::Reason;

struct Job {
  int id = 0;
  Duration time = 0ns;
};

using Jobs = Balancer<Job, int>;

// Takes as long as the job says and answers with its number.
inline Task<int> serve_job(Context, Job job) {
  co_await sleep(job.time);
  co_return job.id;
}

// How a call has ended, and when.
struct Ending {
  int id = 0;
  Trace<int> trace;
  TimePoint at{};

  bool answered() const { return trace.outcome.has_value(); }
  Kind kind() const { return trace.outcome.error().kind; }
  Why reason() const { return trace.outcome.error().reason; }
};

// Calls that run side by side and are kept in the order in which they end. Only in virtual time.
class Calls {
 public:
  explicit Calls(Jobs& jobs) : jobs_(jobs) {}

  void go(Job job, Context context = background(), CallOptions options = {}) {
    group_.go(call(*this, job, std::move(context), options));
  }

  // Lets the call be on its way before it returns, so that calls come in order.
  Task<> start(Job job, Context context = background(), CallOptions options = {}) {
    go(job, std::move(context), options);
    co_await sleep(1ns);
  }

  CountWait wait() { return group_.wait(); }

  const std::vector<Ending>& endings() const { return endings_; }
  std::size_t count() const { return endings_.size(); }

  // The numbers of the jobs that were answered, in order.
  std::vector<int> answered() const {
    std::vector<int> ids;
    for (const Ending& ending : endings_) {
      if (ending.answered()) ids.push_back(ending.id);
    }
    return ids;
  }

  const Ending& of(int id) const {
    for (const Ending& ending : endings_) {
      if (ending.id == id) return ending;
    }
    check_failed("found", "a call was looked up that has not ended");
  }

 private:
  static Task<> call(Calls& self, Job job, Context context, CallOptions options) {
    Ending ending;
    ending.id = job.id;
    ending.trace = co_await self.jobs_.trace(context, job, options);
    ending.at = now();
    self.endings_.push_back(std::move(ending));
  }

  Jobs& jobs_;
  WaitGroup group_;
  std::vector<Ending> endings_;
};

// Keeps the newest state of everything, and counts answers.
class Watcher final : public Observer {
 public:
  struct Seen {
    std::uint32_t serving = 0;
    std::size_t waiting = 0;
    std::size_t waiting_max = 0;
    std::uint32_t serving_max = 0;
    std::size_t drops = 0;
  };

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override {
    Seen& seen = at(worker);
    seen.serving = serving;
    seen.waiting = waiting;
    seen.serving_max = std::max(seen.serving_max, serving);
    seen.waiting_max = std::max(seen.waiting_max, waiting);
    last = now;
  }
  void on_line(std::size_t waiting, TimePoint now) override {
    line = waiting;
    last = now;
  }
  void on_answer(balance::WorkerIndex, std::uint32_t account, bool success, bool left,
                 TimePoint) override {
    ++answers;
    if (success) ++successes;
    if (left) ++late;
    if (success && !left) ++timely;
    last_account = account;
  }
  void on_drop(balance::WorkerIndex worker, TimePoint) override { ++at(worker).drops; }

  Seen& at(balance::WorkerIndex worker) {
    if (workers.size() <= worker) workers.resize(worker + 1);
    return workers[worker];
  }

  std::vector<Seen> workers;
  std::size_t line = 0;
  TimePoint last{};
  std::size_t answers = 0;
  std::size_t successes = 0;
  std::size_t late = 0;
  std::size_t timely = 0;  // answers that somebody has received
  std::uint32_t last_account = 0;
};

inline Duration since(TimePoint begin) {
  return now() - begin;
}

}  // namespace weir::rpc::test
