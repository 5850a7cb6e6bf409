#include "weir/cli/sweep_plan.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/cli/prepare.h"
#include "weir/sim/expect_reader.h"
#include "weir/sim/named_files.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/toml_override.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

// FNV-1a (Fowler, Noll, Vo) of texts, each with its end.
class TextHash {
 public:
  void add(std::string_view text) {
    for (const char c : text) step(static_cast<unsigned char>(c));
    step(0xFF);
  }

  // A file that cannot be read says so where it is needed.
  void add_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 65536> piece{};
    do {
      file.read(piece.data(), piece.size());
      for (std::streamsize i = 0; i < file.gcount(); ++i) {
        step(static_cast<unsigned char>(piece[static_cast<std::size_t>(i)]));
      }
    } while (file);
    step(0xFF);
  }

  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  void step(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001B3u; }

  std::uint64_t hash_ = 0xCBF29CE484222325u;
};

// The CSV files that any of the points reads.
std::set<std::string> files_of(const ScenarioSource& source, const Arguments& arguments,
                               const std::vector<sim::SweepPoint>& points) {
  const auto tree =
      sim::scenario_tree(source.toml, source.name, arguments.overrides, {.bases = source.bases});
  if (!tree) return {};
  std::set<std::string> files;
  const auto add = [&](const sim::TomlNode& of) {
    const std::vector<std::string> more = sim::named_files(of);
    files.insert(more.begin(), more.end());
  };
  add(*tree);
  for (const sim::SweepPoint& point : points) {
    for (const std::string& assignment : point.assignments) {
      if (assignment.find_first_of("\"'") == std::string::npos) continue;  // names no file
      sim::TomlNode one = *tree;
      if (sim::apply_override(one, assignment)) add(one);
    }
  }
  return files;
}

// Everything that a point's figures hang on.
std::string identity_of(const ScenarioSource& source, const Arguments& arguments,
                        const sim::SweepHeader& header) {
  TextHash hash;
  hash.add(source.toml);
  for (const sim::ScenarioText& base : source.bases) hash.add(base.toml);
  for (const std::string& assignment : arguments.overrides) hash.add(assignment);
  hash.add(arguments.replications ? std::to_string(*arguments.replications) : "");
  hash.add(std::to_string(header.seed));
  hash.add(header.sweep.crn ? "crn" : "own");
  const std::vector<sim::SweepPoint> points = sim::sweep_points(header.sweep);
  for (const sim::SweepPoint& point : points) {
    for (const std::string& assignment : point.assignments) hash.add(assignment);
  }
  const std::filesystem::path folder = std::filesystem::path(source.name).parent_path();
  for (const std::string& file : files_of(source, arguments, points)) {
    hash.add_file(folder / file);
  }
  for (const auto& [axis, value] : header.sweep.baseline) hash.add(axis + '=' + value);
  for (const sim::Metric& metric : header.metrics) hash.add(metric.text());
  return hash.text();
}

std::expected<sim::Sweep, std::string> sweep_of(const Arguments& arguments,
                                                const sim::Scenario& scenario) {
  sim::Sweep sweep = scenario.sweep.value_or(sim::Sweep{});
  for (const std::string& axis : arguments.sweep.axes) {
    if (auto added = sim::add_axis(sweep, axis); !added) return Error(added.error());
  }
  for (const std::string& baseline : arguments.sweep.baselines) {
    if (auto added = sim::add_baseline(sweep, baseline); !added) return Error(added.error());
  }
  sweep.zip |= arguments.sweep.zip;
  if (sweep.axes.empty()) {
    return Error("weir sweep takes axes: a [sweep] table in the scenario, or --axis KEY=V1,V2,…");
  }
  if (auto complaint = sim::check_sweep(sweep)) return Error(*complaint);
  return sweep;
}

std::expected<std::vector<sim::Metric>, std::string> metrics_of(const Arguments& arguments,
                                                                const sim::Scenario& scenario) {
  if (arguments.sweep.metrics.empty()) return sim::default_metrics(scenario);
  std::vector<sim::Metric> metrics;
  for (const std::string& text : arguments.sweep.metrics) {
    const auto metric = sim::parse_metric(text);
    if (!metric) return Error("--metric " + text + ": " + metric.error().message);
    if (const auto complaint = sim::unknown_subject(*metric, scenario)) {
      return Error("--metric " + text + " " + *complaint);
    }
    metrics.push_back(*metric);
  }
  return metrics;
}

// Conditions speak of axes.
std::expected<void, std::string> check_hypotheses(const sim::SweepHeader& header) {
  std::vector<std::string_view> names;
  for (const sim::Axis& axis : header.sweep.axes) names.push_back(axis.name);
  for (const sim::Hypothesis& hypothesis : header.hypotheses) {
    for (const sim::Condition& condition : hypothesis.where) {
      if (sim::find_axis(header.sweep, condition.axis)) continue;
      return Error("where = \"" + hypothesis.where_text + "\" names no axis: '" + condition.axis +
                   "'" + did_you_mean(condition.axis, names));
    }
  }
  return {};
}

// The scenarios of all points, of which those of the shard are kept.
std::expected<void, std::string> add_points(SweepPlan& plan, const ScenarioSource& source,
                                            const Arguments& arguments,
                                            const balance::Catalog& catalog) {
  for (sim::SweepPoint& point : sim::sweep_points(plan.header.sweep)) {
    auto scenario = read_source(source, arguments, catalog, point.assignments);
    if (!scenario) {
      return Error(fmt::format("point {} ({}): {}", point.number,
                               sim::place_text(plan.header.sweep, point.values), scenario.error()));
    }
    if (!plan.header.shard.has(point.number)) continue;
    if (!plan.header.sweep.crn) scenario->seed += point.number * 0x9E3779B97F4A7C15u;
    auto experiment = make_experiment(*std::move(scenario), catalog);
    if (!experiment) return Error(experiment.error());
    plan.experiments.push_back(*std::move(experiment));
    plan.points.push_back(std::move(point));
  }
  return {};
}

std::string horizon_text(const sim::Horizon& horizon) {
  const std::string count =
      horizon.stop
          ? fmt::format("{} to {}", std::max(horizon.replications, sim::replications_to_judge),
                        horizon.stop->max_replications)
          : std::to_string(horizon.replications);
  return count + (count == "1" ? " replication" : " replications");
}

}  // namespace

std::expected<SweepPlan, std::string> plan_sweep(const Arguments& arguments,
                                                 const balance::Catalog& catalog) {
  const auto source = find_source(arguments.scenario);
  if (!source) return Error(source.error());
  const auto scenario = read_source(*source, arguments, catalog);
  if (!scenario) return Error(scenario.error());
  auto sweep = sweep_of(arguments, *scenario);
  if (!sweep) return Error(sweep.error());
  auto metrics = metrics_of(arguments, *scenario);
  if (!metrics) return Error(metrics.error());
  SweepPlan plan{.header = {.scenario = scenario->name,
                            .seed = scenario->seed,
                            .sweep = *std::move(sweep),
                            .metrics = *std::move(metrics),
                            .hypotheses = scenario->hypotheses,
                            .shard = {arguments.sweep.shard, arguments.sweep.shards}},
                 .scenario = *scenario};
  if (const auto checked = check_hypotheses(plan.header); !checked) return Error(checked.error());
  plan.header.identity = identity_of(*source, arguments, plan.header);
  if (const auto added = add_points(plan, *source, arguments, catalog); !added) {
    return Error(added.error());
  }
  return plan;
}

std::string dry_run_text(const SweepPlan& plan) {
  const std::size_t all = plan.header.points();
  std::string text = fmt::format("{}: {} point{}", plan.header.scenario, all, all == 1 ? "" : "s");
  if (plan.header.shard.of > 1) {
    text += fmt::format(", {} of them in shard {} of {}", plan.points.size(),
                        plan.header.shard.index + 1, plan.header.shard.of);
  }
  text += '\n';
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    text += fmt::format("{:>5}  {}  ({})\n", plan.points[i].number,
                        sim::place_text(plan.header.sweep, plan.points[i].values),
                        horizon_text(plan.experiments[i].scenario.horizon));
  }
  return text;
}

}  // namespace weir::cli
