#include "weir/sim/result.h"

#include <algorithm>

#include "weir/base/check.h"
#include "weir/sim/scenario.h"

namespace weir::sim {
namespace {

// One step of a hash over a sequence: the finaliser of MurmurHash3 (Appleby 2011), in which every
// bit of the input reaches every bit of the result.
std::uint64_t mixed(std::uint64_t hash, std::uint64_t next) {
  hash = (hash + 0x9E3779B97F4A7C15u) ^ next;
  hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDu;
  hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53u;
  return hash ^ (hash >> 33);
}

void add_load(LoadRecord& record, const ReplicationRecord::Load& load) {
  record.counts += load.counts;
  record.replications.push_back(load.counts);
  record.response.add(load.latencies.response);
  record.wait.add(load.latencies.wait);
  record.service.add(load.latencies.service);
}

std::vector<ClassRecord> classes_of(const Scenario& scenario) {
  std::vector<ClassRecord> classes;
  for (std::size_t i = 0; i < scenario.loads.size(); ++i) {
    const std::string& name = scenario.loads[i].class_name;
    if (name.empty()) continue;
    auto found =
        std::ranges::find(classes, name, [](const ClassRecord& one) { return one.figures.name; });
    if (found == classes.end()) {
      classes.push_back({.figures = {.name = name}});
      found = classes.end() - 1;
    }
    found->loads.push_back(i);
  }
  return classes;
}

// As if the loads were one.
void add_class(ClassRecord& record, const std::vector<ReplicationRecord::Load>& loads) {
  ReplicationRecord::Load all;
  for (const std::size_t load : record.loads) all += loads[load];
  add_load(record.figures, all);
}

// So many neighbours each, loads alone; what is left over at the end belongs to none.
std::vector<ReplicationRecord> put_together(const std::vector<ReplicationRecord>& batches,
                                            std::size_t of) {
  std::vector<ReplicationRecord> longer(batches.size() / of);
  for (std::size_t i = 0; i < longer.size() * of; ++i) {
    ReplicationRecord& into = longer[i / of];
    into.loads.resize(batches[i].loads.size());
    into.window_s += batches[i].window_s;
    for (std::size_t j = 0; j < into.loads.size(); ++j) into.loads[j] += batches[i].loads[j];
  }
  return longer;
}

}  // namespace

LoadCounts& LoadCounts::operator+=(const LoadCounts& other) {
  offered += other.offered;
  completed += other.completed;
  failed += other.failed;
  timed_out += other.timed_out;
  rejected += other.rejected;
  cancelled += other.cancelled;
  in_flight += other.in_flight;
  attempts += other.attempts;
  retries += other.retries;
  hedges += other.hedges;
  replies += other.replies;
  good += other.good;
  return *this;
}

ReplicationRecord::Load& ReplicationRecord::Load::operator+=(const Load& other) {
  counts += other.counts;
  latencies.response.merge(other.latencies.response);
  latencies.wait.merge(other.latencies.wait);
  latencies.service.merge(other.latencies.service);
  return *this;
}

RealFigures& RealFigures::operator+=(const RealFigures& other) {
  behind.merge(other.behind);
  timer_lag.merge(other.timer_lag);
  given_up_after_s = std::max(given_up_after_s, other.given_up_after_s);
  sent += other.sent;
  due_s += other.due_s;
  took_s += other.took_s;
  work_s += other.work_s;
  work_processor_s += other.work_processor_s;
  work_clock_s += other.work_clock_s;
  return *this;
}

std::optional<double> LoadCounts::success() const {
  if (offered <= in_flight) return {};
  return static_cast<double>(completed) / static_cast<double>(offered - in_flight);
}

LatencyPoints LatencyPoints::of(const Histogram& nanoseconds) {
  LatencyPoints points{.count = nanoseconds.count()};
  if (nanoseconds.empty()) return points;
  const auto quantile = [&](double p) {
    return nanoseconds.supports(p) ? static_cast<double>(nanoseconds.quantile(p)) / 1e9 : -1;
  };
  points.mean = nanoseconds.mean() / 1e9;
  points.sd = nanoseconds.standard_deviation() / 1e9;
  points.p50 = quantile(0.5);
  points.p90 = quantile(0.9);
  points.p95 = quantile(0.95);
  points.p99 = quantile(0.99);
  points.p999 = quantile(0.999);
  return points;
}

void LatencyRecord::add(const Histogram& replication) {
  pooled.merge(replication);
  replications.push_back(LatencyPoints::of(replication));
}

const LoadRecord* RunRecord::load_named(std::string_view name) const {
  const auto load = std::ranges::find(loads, name, &LoadRecord::name);
  if (load != loads.end()) return &*load;
  const auto one = std::ranges::find(classes, name,
                                     [](const ClassRecord& record) { return record.figures.name; });
  return one == classes.end() ? nullptr : &one->figures;
}

RunRecord RunRecord::of(const Scenario& scenario) {
  RunRecord record{.scenario = scenario.name,
                   .mode = "virtual",
                   .policy = scenario.balancer.policy,
                   .seed = scenario.seed};
  for (const Load& load : scenario.loads) record.loads.push_back({.name = load.name});
  record.classes = classes_of(scenario);
  for (const Workers& group : scenario.workers) {
    for (std::uint32_t i = 0; i < group.places(); ++i) {
      record.workers.push_back({.name = name_of(group, i), .group = group.name});
    }
  }
  return record;
}

void RunRecord::add(const ReplicationRecord& replication) {
  WEIR_CHECK(replication.loads.size() == loads.size(),
             "the replication has other loads than the record: it is of another scenario");
  WEIR_CHECK(replication.workers.size() == workers.size(),
             "the replication has other workers than the record: it is of another scenario");
  ++replications;
  run_hash = mixed(run_hash, replication.hash);
  virtual_s += replication.virtual_s;
  if (replication.real) {
    if (!real) real.emplace();
    *real += *replication.real;
  }
  windows_s.push_back(replication.window_s);
  line.push_back(replication.line);
  for (std::size_t i = 0; i < loads.size(); ++i) add_load(loads[i], replication.loads[i]);
  for (ClassRecord& one : classes) add_class(one, replication.loads);
  for (std::size_t i = 0; i < workers.size(); ++i) {
    workers[i].replications.push_back(replication.workers[i]);
  }
  add_batches(replication);
}

// For batches of this run: its loads and classes, without a figure yet.
RunRecord RunRecord::pieces() const {
  RunRecord empty;
  for (const LoadRecord& load : loads) empty.loads.push_back({.name = load.name});
  for (const ClassRecord& one : classes) {
    empty.classes.push_back({.figures = {.name = one.figures.name}, .loads = one.loads});
  }
  return empty;
}

// The quantiles of batches scatter about those of the whole run, not about those of the batches
// together, from which a remainder is missing.
void RunRecord::centre_on_run(RunRecord& cut_up) const {
  const auto centre = [](LoadRecord& to, const LoadRecord& from) {
    to.response.pooled = from.response.pooled;
    to.wait.pooled = from.wait.pooled;
    to.service.pooled = from.service.pooled;
  };
  for (std::size_t i = 0; i < loads.size(); ++i) centre(cut_up.loads[i], loads[i]);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    centre(cut_up.classes[i].figures, classes[i].figures);
  }
}

void RunRecord::add_batches(const ReplicationRecord& replication) {
  batches.clear();  // What is repeated needs none.
  tail_batches.clear();
  if (replications > 1 || replication.batches.empty()) return;
  batch_correlation = replication.batch_correlation;
  RunRecord& each = batches.emplace_back(pieces());
  for (const WorkerRecord& worker : workers) {
    each.workers.push_back({.name = worker.name, .group = worker.group});
  }
  for (const ReplicationRecord& batch : replication.batches) each.add(batch);
  centre_on_run(each);
  RunRecord& tails = tail_batches.emplace_back(pieces());
  for (const ReplicationRecord& batch : put_together(replication.batches, 3)) tails.add(batch);
  centre_on_run(tails);
}

}  // namespace weir::sim
