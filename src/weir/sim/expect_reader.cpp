#include "weir/sim/expect_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/sim/metric_series.h"

namespace weir::sim {
namespace {

constexpr double confidence_min = 0.5;
constexpr double confidence_max = 0.9999;

void read_bound(TomlCursor& cursor, std::string_view key, Metric::Unit unit,
                std::optional<double>& target) {
  const TomlNode* node = cursor.take(key);
  if (node == nullptr) return;
  const bool is_text = node->kind == TomlNode::Kind::text;
  if (unit == Metric::Unit::seconds) {
    cursor.read_parsed(key, target, "\"200ms\"", parse_seconds);
  } else if (unit == Metric::Unit::fraction && is_text) {
    cursor.read_parsed(key, target, "\"99.9%\"", parse_percent);
  } else if (unit == Metric::Unit::per_second && is_text) {
    cursor.read_parsed(key, target, "\"100/s\"", parse_rate);
  } else {
    double number = 0;
    Bounds bounds;
    if (unit == Metric::Unit::fraction) bounds.high = 1;
    cursor.read_number(key, number, bounds);
    target = number;
  }
}

void read_confidence(TomlCursor& cursor, const Metric& metric, double& confidence) {
  const TomlNode* node = cursor.take("confidence");
  if (node == nullptr) return;
  cursor.read_parsed("confidence", confidence, "\"95%\"", parse_percent);
  if (!(confidence >= confidence_min && confidence <= confidence_max)) {
    cursor.report("confidence", *node, "must be from 50% to 99.99%, not " + quoted(*node));
  } else if (!has_interval(metric)) {
    cursor.report("confidence", *node, "has no place here: " + metric.text() + " has no interval");
  }
}

void read_bounds(TomlCursor& cursor, const TomlNode& table, Scenario& scenario) {
  Expect expect;
  cursor.read_parsed("metric", expect.metric, "\"web.response.p99\"", parse_metric);
  cursor.require("metric", "metric = \"web.response.p99\"");
  if (table.find("min") == nullptr) cursor.require("max", "max or min, such as max = \"200ms\"");
  read_bound(cursor, "min", expect.metric.unit, expect.min);
  read_bound(cursor, "max", expect.metric.unit, expect.max);
  cursor.refuse_yet({"abort"});
  if (table.find("where") != nullptr) {
    cursor.report("where", *cursor.take("where"), "stands beside 'compare' alone");
  }
  read_confidence(cursor, expect.metric, expect.confidence);
  cursor.finish();
  if (!expect.metric.figure.empty()) check_subject(cursor, "metric", expect.metric, scenario);
  if (expect.min && expect.max && *expect.min > *expect.max) {
    cursor.report("min", *cursor.take("min"), "is above 'max': nothing can pass");
  }
  scenario.expects.push_back(std::move(expect));
}

void read_hypothesis(TomlCursor& cursor, Scenario& scenario) {
  Hypothesis hypothesis;
  cursor.read_text("compare", hypothesis.text);
  cursor.read_parsed("compare", hypothesis.names, "\"p2c < random\"", parse_ordering);
  cursor.read_parsed("metric", hypothesis.metric, "\"web.response.p99\"", parse_metric);
  cursor.require("metric", "metric = \"web.response.p99\"");
  cursor.read_text("where", hypothesis.where_text);
  cursor.read_parsed("where", hypothesis.where, "\"rate >= 800\"", parse_conditions);
  for (const std::string_view key : {"min", "max", "confidence"}) {
    if (const TomlNode* node = cursor.take(key)) {
      cursor.report(key, *node, "cannot stand beside 'compare'; write an [[expect]] of its own");
    }
  }
  cursor.finish();
  const TomlNode* metric = cursor.take("metric");
  if (metric != nullptr && !hypothesis.metric.figure.empty()) {
    check_subject(cursor, "metric", hypothesis.metric, scenario);
    if (!has_interval(hypothesis.metric)) {
      cursor.report("metric", *metric, "has no interval to judge by; compare means or quantiles");
    }
  }
  scenario.hypotheses.push_back(std::move(hypothesis));
}

}  // namespace

std::optional<std::string> unknown_subject(const Metric& metric, const Scenario& scenario) {
  if (metric.subject == Metric::Subject::balancer) return std::nullopt;
  const bool of_load = metric.subject == Metric::Subject::load;
  std::vector<std::string_view> names;
  for (const Load& load : scenario.loads) {
    if (!of_load) continue;
    names.push_back(load.name);
    const bool is_new = std::ranges::find(names, load.class_name) == names.end();
    if (!load.class_name.empty() && is_new) names.push_back(load.class_name);
  }
  if (of_load) names.insert(names.end(), {"worker", "balancer"});
  std::uint32_t count = 0;
  for (const Workers& group : scenario.workers) {
    if (!of_load) names.push_back(group.name);
    if (group.name == metric.name) count = group.places();
  }
  if (std::ranges::find(names, metric.name) == names.end()) {
    const std::string kind = of_load ? "no load" : "no group of workers";
    return "names " + kind + ": " + quoted(std::string_view(metric.name)) +
           did_you_mean(metric.name, names);
  }
  if (!of_load && metric.index && *metric.index >= count) {
    return "names no worker: " + metric.name + " has " + std::to_string(count) +
           ", numbered from 0";
  }
  return std::nullopt;
}

void check_subject(TomlCursor& cursor, std::string_view key, const Metric& metric,
                   const Scenario& scenario) {
  const TomlNode* node = cursor.take(key);
  if (node == nullptr) return;
  if (const auto complaint = unknown_subject(metric, scenario)) {
    cursor.report(key, *node, *complaint);
  }
}

void read_expect(const TomlNode& table, Scenario& scenario, std::optional<ScenarioError>& error) {
  TomlCursor cursor(table, "[[expect]]", error);
  if (table.find("compare") != nullptr) {
    read_hypothesis(cursor, scenario);
  } else {
    read_bounds(cursor, table, scenario);
  }
}

}  // namespace weir::sim
