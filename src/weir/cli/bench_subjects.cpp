#include "weir/cli/bench_subjects.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "weir/base/time.h"
#include "weir/cli/bench_balancer.h"
#include "weir/cli/bench_jobs.h"
#include "weir/cli/bench_scenarios.h"
#include "weir/cli/bench_shapes.h"
#include "weir/cli/interrupt.h"
#include "weir/runtime/clock.h"
#include "weir/runtime/computation.h"
#include "weir/runtime/processor_count.h"
#include "weir/runtime/run.h"

namespace weir::cli {
namespace {

using shape::Crew;
using shape::JobBatch;

constexpr BenchSubject subjects[] = {
    {"runtime", "spawn", "start and end a task, 100,000 at once"},
    {"runtime", "ping_pong", "there and back over two channels without buffer"},
    {"runtime", "one_to_one", "an item through a channel of 128"},
    {"runtime", "many_to_many", "the same, four producers and four consumers"},
    {"runtime", "select", "an item out of a select over four channels"},
    {"runtime", "balancer", "a request in Rob Pike's balancer, without work"},
    {"runtime", "pool", "an empty job through a pool of two workers"},
    {"virtual", "one_server", "a simulated request of M/M/1, full statistics"},
    {"virtual", "ten_workers", "the same, p2c over ten, timeouts and retries"},
    {"workers", "cpu", "jobs that compute, with each kind of pool"},
    {"workers", "io", "jobs that wait, with each kind of pool"},
};

// A task that does so many operations and proves it by a number.
struct Shape {
  std::string_view name;
  int least;
  int most;
  Task<std::int64_t> (*start)(int);
  std::int64_t (*proof)(std::int64_t);
};

std::int64_t sum_below(std::int64_t count) {
  return count * (count - 1) / 2;
}

std::int64_t itself(std::int64_t count) {
  return count;
}

constexpr int many = 100'000'000;

constexpr Shape shapes[] = {
    {"spawn", 1, 100'000, shape::spawn, itself},
    {"ping_pong", 1, many, shape::ping_pong, sum_below},
    {"one_to_one", 1, many, [](int n) { return shape::one_to_one(n, shape::buffered); }, sum_below},
    {"many_to_many", shape::sides, many,
     [](int n) { return shape::many_to_many(n, shape::buffered); }, sum_below},
    {"select", shape::sides, many, [](int n) { return shape::select_of_four(n, 0); }, sum_below},
    {"balancer", shape::demo_requesters, many,
     [](int n) { return shape::classic_balancer(n / shape::demo_requesters); }, itself},
    {"pool", 1, many, shape::worker_pool, sum_below},
};

Task<BenchRun> time_shape(const Shape& shape, int heap, std::uint64_t times) {
  BenchRun run;
  co_await shape.start(heap);
  const TimePoint begin = steady_now();
  for (std::uint64_t i = 0; i < times && run.complete; ++i) {
    const std::int64_t proof = co_await shape.start(heap);
    run.right = run.right && proof == shape.proof(heap);
    run.complete = Interrupt::signal() == 0;
  }
  run.seconds = to_seconds(steady_now() - begin);
  run.operations = times * static_cast<std::uint64_t>(heap);
  co_return run;
}

Measurement of_shape(const BenchSubject& subject, const Shape& shape, int processors) {
  Measurement made{.row = {.processors = processors},
                   .least = static_cast<std::uint64_t>(shape.least),
                   .most = static_cast<std::uint64_t>(shape.most)};
  made.row.what = subject.what;
  made.run = [&shape, processors](std::uint64_t heap, std::uint64_t times) {
    return run(time_shape(shape, static_cast<int>(heap), times), {.processors = processors});
  };
  return made;
}

// Each request has an outcome, or none yet.
bool adds_up(const sim::LoadCounts& counts) {
  return counts.offered > 0 && counts.offered == counts.completed + counts.failed +
                                                     counts.timed_out + counts.rejected +
                                                     counts.cancelled + counts.in_flight;
}

// The same replications in every round, so that rounds differ by the machine alone.
BenchRun time_replications(const sim::Experiment& experiment, std::uint64_t times) {
  BenchRun run;
  sim::run_replication(experiment, 0, Duration::zero());
  const TimePoint begin = steady_now();
  for (std::uint64_t i = 0; i < times && run.complete; ++i) {
    const auto record =
        sim::run_replication(experiment, static_cast<std::uint32_t>(i + 1), Duration::zero());
    const sim::LoadCounts& counts = record.loads[0].counts;
    run.operations += counts.offered;
    run.right = run.right && adds_up(counts);
    run.complete = Interrupt::signal() == 0;
  }
  run.seconds = to_seconds(steady_now() - begin);
  return run;
}

Measurement of_scenario(const BenchSubject& subject, sim::Experiment (*make)(Duration),
                        double rate) {
  Measurement made{.row = {.processors = 0}, .least = 1000, .most = 100'000};
  made.row.what = subject.what;
  made.run = [make, rate](std::uint64_t heap, std::uint64_t times) {
    return time_replications(make(from_seconds(static_cast<double>(heap) / rate)), times);
  };
  return made;
}

// Such that a worker alone does the batch in a round, if that is no more than 1 ms for a job.
JobBatch batch_of(std::string_view subject, double round_s) {
  const double job_s = std::clamp(round_s / bench_jobs, 1e-6, 1e-3);
  JobBatch batch{.jobs = bench_jobs, .pause = from_seconds(job_s)};
  if (subject == "cpu") {
    batch.turns = std::max<std::uint64_t>(1, computing_rate().rounds_in(batch.pause));
  }
  return batch;
}

Task<BenchRun> time_jobs(JobBatch batch, Crew crew, std::size_t workers, std::uint64_t proof,
                         std::uint64_t times) {
  BenchRun run;
  const TimePoint begin = steady_now();
  for (std::uint64_t i = 0; i < times && run.complete; ++i) {
    const std::uint64_t sum = co_await shape::do_jobs(batch, crew, workers);
    run.right = run.right && sum == proof;
    run.complete = Interrupt::signal() == 0;
  }
  run.seconds = to_seconds(steady_now() - begin);
  run.operations = times * static_cast<std::uint64_t>(batch.jobs);
  co_return run;
}

BenchRun time_threads(const JobBatch& batch, int threads, std::uint64_t proof,
                      std::uint64_t times) {
  BenchRun run;
  const TimePoint begin = steady_now();
  for (std::uint64_t i = 0; i < times && run.complete; ++i) {
    run.right = run.right && shape::do_jobs_on_threads(batch, threads) == proof;
    run.complete = Interrupt::signal() == 0;
  }
  run.seconds = to_seconds(steady_now() - begin);
  run.operations = times * static_cast<std::uint64_t>(batch.jobs);
  return run;
}

// "0.78 ms"
std::string milliseconds(Duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g ms", to_seconds(time) * 1e3);
  return text;
}

class JobRows {
 public:
  JobRows(const BenchSubject& subject, int processors, double round_s)
      : processors_(processors),
        batch_(batch_of(subject.name, round_s)),
        proof_(shape::sum_of_jobs(batch_)),
        what_(std::to_string(bench_jobs) + " jobs that " +
              (batch_.turns > 0 ? "compute for " : "wait for ") + milliseconds(batch_.pause) +
              ", on " + std::to_string(processors) +
              (processors == 1 ? " processor" : " processors")) {}

  Measurement row(std::string_view name, Crew crew, std::optional<std::uint32_t> workers) const {
    Measurement made = row_of(name, workers);
    made.run = [batch = batch_, proof = proof_, processors = processors_, crew,
                count = workers.value_or(1)](std::uint64_t, std::uint64_t times) {
      return run(time_jobs(batch, crew, count, proof, times), {.processors = processors});
    };
    return made;
  }

  // What the processors do without a runtime: nothing can be faster.
  Measurement threads() const {
    Measurement made = row_of("threads", static_cast<std::uint32_t>(processors_));
    made.run = [batch = batch_, proof = proof_, processors = processors_](std::uint64_t,
                                                                          std::uint64_t times) {
      return time_threads(batch, processors, proof, times);
    };
    return made;
  }

  bool computes() const { return batch_.turns > 0; }

 private:
  Measurement row_of(std::string_view name, std::optional<std::uint32_t> workers) const {
    Measurement made{.row = {.processors = processors_}, .least = bench_jobs, .most = bench_jobs};
    made.row.what = what_;
    made.row.crew = name;
    made.row.workers = workers;
    return made;
  }

  int processors_;
  JobBatch batch_;
  std::uint64_t proof_;
  std::string what_;
};

std::vector<Measurement> job_rows(const BenchSubject& subject, const BenchArguments& arguments,
                                  int processors, double round_s) {
  constexpr std::pair<std::string_view, Crew> crews[] = {
      {"pool", Crew::pool}, {"semaphore", Crew::semaphore}, {"balancer", Crew::balancer}};
  const JobRows rows(subject, processors, round_s);
  std::vector<Measurement> made;
  for (const auto& [name, crew] : crews) {
    for (const std::uint32_t workers : arguments.workers) {
      made.push_back(rows.row(name, crew, workers));
    }
  }
  made.push_back(rows.row("unbounded", Crew::unbounded, std::nullopt));
  if (rows.computes()) made.push_back(rows.threads());
  return made;
}

std::vector<int> processors_of(const BenchArguments& arguments) {
  if (!arguments.processors.empty()) return arguments.processors;
  const int all = default_processors();
  return all == 1 ? std::vector<int>{1} : std::vector<int>{1, all};
}

std::vector<Measurement> of_subject(const BenchSubject& subject, const BenchArguments& arguments,
                                    double round_s) {
  const std::vector<int> processors = processors_of(arguments);
  if (subject.group == "workers") {
    return job_rows(subject, arguments, std::ranges::max(processors), round_s);
  }
  std::vector<Measurement> made;
  if (subject.name == "one_server") {
    made.push_back(of_scenario(subject, shape::one_server, shape::one_server_rate));
  } else if (subject.name == "ten_workers") {
    made.push_back(of_scenario(subject, shape::ten_workers, shape::ten_workers_rate));
  } else {
    const Shape& shape = *std::ranges::find(shapes, subject.name, &Shape::name);
    for (const int count : processors) made.push_back(of_shape(subject, shape, count));
  }
  return made;
}

bool is_asked_for(const BenchSubject& subject, const BenchArguments& arguments) {
  const auto names = [&](const std::string& word) {
    return word == subject.name || word == subject.group;
  };
  return arguments.subjects.empty() || std::ranges::any_of(arguments.subjects, names);
}

}  // namespace

std::span<const BenchSubject> bench_subjects() {
  return subjects;
}

std::vector<Measurement> measurements_of(const BenchArguments& arguments, double round_s) {
  std::vector<Measurement> all;
  for (const BenchSubject& subject : subjects) {
    if (!is_asked_for(subject, arguments)) continue;
    for (Measurement& made : of_subject(subject, arguments, round_s)) {
      made.row.group = subject.group;
      made.row.subject = subject.name;
      all.push_back(std::move(made));
    }
  }
  return all;
}

}  // namespace weir::cli
