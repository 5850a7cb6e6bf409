#include "weir/report/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "weir/report/hypothesis_report.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json number(const std::optional<sim::Figure>& figure) {
  return figure ? Json(figure->value) : Json();
}

Json range(const std::optional<sim::Interval>& interval) {
  return interval ? Json::array({interval->low, interval->high}) : Json();
}

Json latency_json(const sim::LatencySummary& latency) {
  return {{"count", latency.count},
          {"mean", number(latency.mean)},
          {"sd", number(latency.sd)},
          {"min", number(latency.min)},
          {"p50", number(latency.p50)},
          {"p90", number(latency.p90)},
          {"p95", number(latency.p95)},
          {"p99", number(latency.p99)},
          {"p999", number(latency.p999)},
          {"max", number(latency.max)},
          {"ci95",
           {{"mean", range(latency.ci95.mean)},
            {"p50", range(latency.ci95.p50)},
            {"p90", range(latency.ci95.p90)},
            {"p99", range(latency.ci95.p99)},
            {"p999", range(latency.ci95.p999)}}}};
}

Json load_json(const sim::LoadSummary& load) {
  const sim::LoadCounts& counts = load.counts;
  return {{"offered", counts.offered},
          {"completed", counts.completed},
          {"failed", counts.failed},
          {"timed_out", counts.timed_out},
          {"rejected", counts.rejected},
          {"cancelled", counts.cancelled},
          {"in_flight", counts.in_flight},
          {"attempts", counts.attempts},
          {"retries", counts.retries},
          {"hedges", counts.hedges},
          {"success", number(load.success)},
          {"throughput_per_s", number(load.throughput_per_s)},
          {"goodput_per_s", number(load.goodput_per_s)},
          {"response", latency_json(load.response)},
          {"wait", latency_json(load.wait)},
          {"service", latency_json(load.service)}};
}

Json loads_json(const std::vector<sim::LoadSummary>& loads) {
  Json json = Json::object();
  for (const sim::LoadSummary& load : loads) json[load.name] = load_json(load);
  return json;
}

Json worker_json(const sim::WorkerSummary& worker) {
  return {{"name", worker.name},
          {"completed", worker.completed},
          {"failed", worker.failed},
          {"rejected", worker.rejected},
          {"utilisation", number(worker.averages.utilisation)},
          {"mean_in_flight", number(worker.averages.mean_in_flight)},
          {"sd_in_flight", number(worker.averages.sd_in_flight)},
          {"mean_queue", number(worker.averages.mean_queue)},
          {"max_queue", worker.max_queue}};
}

Json verdict_json(const sim::Verdict& verdict) {
  return {{"metric", verdict.metric.text()},
          {"pass", verdict.pass},
          {"value", number(verdict.figure)},
          {"ci95", range(verdict.figure ? verdict.figure->interval : std::nullopt)},
          {"min", number(verdict.min)},
          {"max", number(verdict.max)}};
}

Json delay_json(const sim::DelaySummary& delay) {
  return {{"p50", number(delay.p50)}, {"p99", number(delay.p99)}, {"max", delay.most}};
}

Json real_json(const sim::RunSummary& summary) {
  const sim::RealSummary& real = *summary.real;
  Json json = {{"offered_per_s", number(real.offered_per_s)},
               {"achieved_per_s", number(real.achieved_per_s)},
               {"behind", delay_json(real.behind)},
               {"timer_lag", delay_json(real.timer_lag)},
               {"work",
                {{"asked_s", real.work_s},
                 {"processor_s", real.work_processor_s},
                 {"clock_s", real.work_clock_s},
                 {"calibration_error", number(real.calibration_error)}}},
               {"batches", nullptr}};
  if (const auto& batches = summary.batches) {
    json["batches"] = {{"count", batches->count},
                       {"length_s", batches->length_s},
                       {"correlation", batches->correlation}};
  }
  return json;
}

Json summary_json(const sim::RunSummary& summary) {
  Json workers = Json::array();
  for (const sim::WorkerSummary& worker : summary.workers) workers.push_back(worker_json(worker));
  Json expect = Json::array();
  for (const sim::Verdict& verdict : summary.verdicts) expect.push_back(verdict_json(verdict));
  Json json = {
      {"schema", "weir-run/1"},
      {"scenario", summary.scenario},
      {"mode", summary.mode},
      {"policy", summary.policy},
      {"seed", summary.seed},
      {"replications", summary.replications},
      {"run_hash", fmt::format("{:016x}", summary.run_hash)},
      {"virtual_s", summary.virtual_s},
      {"wall_s", summary.wall_s},
      {"loads", loads_json(summary.loads)},
      {"workers", std::move(workers)},
      {"balancer",
       {{"mean_queue", number(summary.line_mean_queue)}, {"max_queue", summary.line_max_queue}}},
      {"expect", std::move(expect)}};
  if (!summary.classes.empty()) json["classes"] = loads_json(summary.classes);
  if (summary.real) json["real"] = real_json(summary);
  return json;
}

Json difference_json(const sim::PolicyDifference& difference) {
  return {{"policy", difference.policy},
          {"metric", difference.metric.text()},
          {"change", number(difference.change)},
          {"ci95", range(difference.interval)},
          {"significant", difference.significant}};
}

// Names may hold bytes that are no UTF-8; they become U+FFFD instead of an exception.
std::string written(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string run_json(const sim::RunSummary& summary) {
  return written(summary_json(summary));
}

std::string comparison_json(const sim::PolicyComparison& comparison) {
  Json policies = Json::array();
  for (const sim::RunSummary& policy : comparison.policies) {
    policies.push_back(summary_json(policy));
  }
  Json differences = Json::array();
  for (const sim::PolicyDifference& difference : comparison.differences) {
    differences.push_back(difference_json(difference));
  }
  Json json = {{"schema", "weir-compare/1"},
               {"baseline", comparison.baseline},
               {"policies", std::move(policies)},
               {"differences", std::move(differences)}};
  if (!comparison.hypotheses.empty()) {
    json["comparisons"] = Json::parse(hypotheses_json(comparison.hypotheses));
  }
  return written(json);
}

}  // namespace weir::report
