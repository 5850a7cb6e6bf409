#include "weir/cli/bench_jobs.h"

#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "weir/balance/central_queue.h"
#include "weir/pool/worker_pool.h"
#include "weir/rpc/balancer.h"
#include "weir/runtime/computation.h"
#include "weir/runtime/go.h"
#include "weir/sync/semaphore.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::cli::shape {
namespace {

using Answers = std::vector<std::uint64_t>;
using JobPool = pool::WorkerPool<int, std::uint64_t>;
using JobBalancer = rpc::Balancer<int, std::uint64_t>;

// What a job comes to, so that none can be left out or cut short. Computes as work() does.
std::uint64_t result_of(const JobBatch& batch, int job) noexcept {
  return compute(batch.turns) + static_cast<std::uint64_t>(job);
}

Task<std::uint64_t> do_job(const JobBatch& batch, int job) {
  if (batch.turns == 0) co_await sleep(batch.pause);
  co_return result_of(batch, job);
}

Task<> do_into(const JobBatch& batch, int job, std::uint64_t& answer) {
  answer = co_await do_job(batch, job);
}

Task<> do_with_permit(const JobBatch& batch, int job, std::uint64_t& answer, Semaphore& permits) {
  answer = co_await do_job(batch, job);
  permits.release();
}

Task<> do_unbounded(const JobBatch& batch, Answers& answers) {
  WaitGroup all;
  for (int job = 0; job < batch.jobs; ++job) {
    all.go(do_into(batch, job, answers[static_cast<std::size_t>(job)]));
  }
  co_await all.wait();
}

Task<> do_with_semaphore(const JobBatch& batch, std::size_t workers, Answers& answers) {
  Semaphore permits(static_cast<std::int64_t>(workers));
  WaitGroup all;
  for (int job = 0; job < batch.jobs; ++job) {
    co_await permits.acquire();
    all.go(do_with_permit(batch, job, answers[static_cast<std::size_t>(job)], permits));
  }
  co_await all.wait();
}

Task<> submit_all(JobPool& pool, int jobs) {
  for (int job = 0; job < jobs; ++job) co_await pool.submit(background(), job);
  pool.close();
}

Task<> do_with_pool(const JobBatch& batch, std::size_t workers, Answers& answers) {
  const auto serve = [&batch](int job) { return do_job(batch, job); };
  JobPool pool(background(), serve, {.workers = workers});
  WaitGroup submitter;
  submitter.go(submit_all(pool, batch.jobs));
  auto results = pool.results();
  std::size_t done = 0;
  while (auto outcome = co_await results.receive()) answers[done++] = **outcome;
  co_await submitter.wait();
  co_await pool.wait();
}

Task<> ask_balancer(JobBalancer& balancer, int job, std::uint64_t& answer) {
  const auto outcome = co_await balancer.call(background(), job);
  if (outcome) answer = *outcome;
}

Task<> do_with_balancer(const JobBatch& batch, std::size_t workers, Answers& answers) {
  JobBalancer balancer(background(), {.policy = balance::central_queue()});
  const auto serve = [&batch](const Context&, int job) { return do_job(batch, job); };
  for (std::size_t i = 0; i < workers; ++i) balancer.add_worker({}, serve);
  WaitGroup all;
  for (int job = 0; job < batch.jobs; ++job) {
    all.go(ask_balancer(balancer, job, answers[static_cast<std::size_t>(job)]));
  }
  co_await all.wait();
  co_await balancer.drain(background());
}

Task<> do_with(const JobBatch& batch, Crew crew, std::size_t workers, Answers& answers) {
  switch (crew) {
    case Crew::unbounded:
      return do_unbounded(batch, answers);
    case Crew::semaphore:
      return do_with_semaphore(batch, workers, answers);
    case Crew::pool:
      return do_with_pool(batch, workers, answers);
    case Crew::balancer:
      break;
  }
  return do_with_balancer(batch, workers, answers);
}

}  // namespace

Task<std::uint64_t> do_jobs(JobBatch batch, Crew crew, std::size_t workers) {
  Answers answers(static_cast<std::size_t>(batch.jobs));
  co_await do_with(batch, crew, workers, answers);
  co_return std::accumulate(answers.begin(), answers.end(), std::uint64_t{0});
}

std::uint64_t do_jobs_on_threads(const JobBatch& batch, int threads) {
  Answers sums(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> all;
    for (int thread = 0; thread < threads; ++thread) {
      all.emplace_back([&batch, &sums, thread, threads] {
        std::uint64_t sum = 0;
        for (int job = thread; job < batch.jobs; job += threads) {
          sum += result_of(batch, job);
        }
        sums[static_cast<std::size_t>(thread)] = sum;
      });
    }
  }
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

std::uint64_t sum_of_jobs(const JobBatch& batch) noexcept {
  std::uint64_t sum = 0;
  for (int job = 0; job < batch.jobs; ++job) sum += result_of(batch, job);
  return sum;
}

}  // namespace weir::cli::shape
