#include "weir/report/sweep_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "weir/report/hypothesis_report.h"
#include "weir/report/json.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto replace = Json::error_handler_t::replace;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json range(const std::optional<sim::Interval>& interval) {
  return interval ? Json::array({interval->low, interval->high}) : Json();
}

std::optional<sim::Interval> read_range(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return sim::Interval{json.at(0), json.at(1)};
}

Json axes_json(const sim::Sweep& sweep) {
  Json axes = Json::array();
  for (const sim::Axis& axis : sweep.axes) {
    axes.push_back({{"name", axis.name}, {"set", axis.key}, {"values", axis.values}});
  }
  return axes;
}

Json values_json(const sim::Sweep& sweep, const std::vector<std::string>& values) {
  Json json = Json::object();
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) json[sweep.axes[i].name] = values[i];
  return json;
}

Json figure_json(const sim::PointFigure& figure) {
  return {{"value", figure.figure ? Json(figure.figure->value) : Json()},
          {"ci95", range(figure.figure ? figure.figure->interval : std::nullopt)},
          {"replications", figure.replications}};
}

sim::PointFigure read_figure(const Json& json) {
  sim::PointFigure figure{.replications = json.at("replications")};
  if (!json.at("value").is_null()) {
    figure.figure = sim::Figure{json.at("value"), read_range(json.at("ci95"))};
  }
  return figure;
}

Json claims_json(const std::vector<sim::Hypothesis>& hypotheses) {
  Json json = Json::array();
  for (const sim::Hypothesis& hypothesis : hypotheses) {
    json.push_back({{"compare", hypothesis.text},
                    {"metric", hypothesis.metric.text()},
                    {"where", hypothesis.where_text}});
  }
  return json;
}

std::vector<sim::Hypothesis> read_hypotheses(const Json& json) {
  std::vector<sim::Hypothesis> hypotheses;
  for (const Json& each : json) {
    sim::Hypothesis hypothesis{.text = each.at("compare"), .where_text = each.at("where")};
    hypothesis.names = sim::parse_ordering(hypothesis.text).value();
    hypothesis.metric = sim::parse_metric(each.at("metric").get<std::string>()).value();
    if (!hypothesis.where_text.empty()) {
      hypothesis.where = sim::parse_conditions(hypothesis.where_text).value();
    }
    hypotheses.push_back(std::move(hypothesis));
  }
  return hypotheses;
}

// Everything of the header but the schema and the shard.
void add_header(Json& json, const sim::SweepHeader& header) {
  json["scenario"] = header.scenario;
  json["seed"] = header.seed;
  json["sweep_hash"] = header.identity;
  json["axes"] = axes_json(header.sweep);
  json["zip"] = header.sweep.zip;
  json["crn"] = header.sweep.crn;
  json["baseline"] = Json::object();
  for (const auto& [axis, value] : header.sweep.baseline) json["baseline"][axis] = value;
  json["metrics"] = Json::array();
  for (const sim::Metric& metric : header.metrics) json["metrics"].push_back(metric.text());
  json["hypotheses"] = claims_json(header.hypotheses);
  if (header.shard.of > 1) {
    json["shard"] = {{"index", header.shard.index + 1}, {"of", header.shard.of}};
  }
}

sim::SweepHeader read_header(const Json& json) {
  sim::SweepHeader header{.scenario = json.at("scenario"),
                          .seed = json.at("seed"),
                          .identity = json.at("sweep_hash"),
                          .sweep = {.zip = json.at("zip"), .crn = json.at("crn")}};
  for (const Json& axis : json.at("axes")) {
    header.sweep.axes.push_back({axis.at("name"), axis.at("set"), axis.at("values")});
  }
  for (const auto& [axis, value] : json.at("baseline").items()) {
    header.sweep.baseline.emplace_back(axis, value);
  }
  for (const Json& metric : json.at("metrics")) {
    header.metrics.push_back(sim::parse_metric(metric.get<std::string>()).value());
  }
  header.hypotheses = read_hypotheses(json.at("hypotheses"));
  if (json.contains("shard")) {
    header.shard = {.index = json.at("shard").at("index").get<std::size_t>() - 1,
                    .of = json.at("shard").at("of")};
  }
  return header;
}

sim::PointResult read_point(const Json& json, const sim::SweepHeader& header) {
  sim::PointResult point{.number = json.at("point"),
                         .replications = json.at("replications"),
                         .valid = json.at("valid"),
                         .passes = json.at("passes"),
                         .notes = json.at("notes")};
  for (const sim::Axis& axis : header.sweep.axes) {
    point.values.push_back(json.at("axes").at(axis.name));
  }
  for (const sim::Metric& metric : sim::recorded_metrics(header)) {
    point.figures.push_back(read_figure(json.at("figures").at(metric.text())));
  }
  return point;
}

void store(StoredSweep& stored, const Json& point) {
  stored.points.push_back(read_point(point, stored.header));
  stored.texts.push_back(point.dump(-1, ' ', false, replace));
}

std::expected<StoredSweep, std::string> read_journal(std::string_view text) {
  StoredSweep stored;
  std::size_t line = 0;
  while (true) {
    const std::size_t end = text.find('\n', stored.bytes);
    if (end == std::string_view::npos) break;
    ++line;
    try {
      const Json json = Json::parse(text.substr(stored.bytes, end - stored.bytes));
      if (line == 1) {
        stored.header = read_header(json);
      } else {
        store(stored, json);
      }
    } catch (const std::exception&) {
      return std::unexpected("line " + std::to_string(line) + " is damaged");
    }
    stored.bytes = end + 1;
  }
  if (line == 0) return std::unexpected(std::string(empty_journal));
  return stored;
}

std::expected<StoredSweep, std::string> read_whole(std::string_view text) {
  StoredSweep stored;
  try {
    const Json json = Json::parse(text);
    if (json.at("schema") != "weir-sweep/1") return std::unexpected("is no sweep");
    stored.header = read_header(json);
    for (const Json& point : json.at("points")) store(stored, point);
  } catch (const std::exception&) {
    return std::unexpected("is no sweep and no journal of one");
  }
  return stored;
}

Json difference_json(const sim::PointDifference& difference) {
  return {{"point", difference.point},          {"baseline", difference.baseline},
          {"metric", difference.metric.text()}, {"change", number(difference.change)},
          {"ci95", range(difference.interval)}, {"significant", difference.significant}};
}

}  // namespace

std::string point_json(const sim::SweepHeader& header, const sim::PointResult& point,
                       const sim::RunSummary& summary) {
  Json json = {{"point", point.number}, {"axes", values_json(header.sweep, point.values)},
               {"valid", point.valid},  {"passes", point.passes},
               {"notes", point.notes},  {"figures", Json::object()}};
  const auto metrics = sim::recorded_metrics(header);
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    json["figures"][metrics[i].text()] = figure_json(point.figures[i]);
  }
  const Json run = Json::parse(run_json(summary));
  for (const auto& [key, value] : run.items()) {
    if (key != "schema" && key != "scenario" && key != "mode" && key != "wall_s") json[key] = value;
  }
  return json.dump(-1, ' ', false, replace);
}

std::string journal_header_json(const sim::SweepHeader& header) {
  Json json = {{"schema", "weir-journal/1"}};
  add_header(json, header);
  return json.dump(-1, ' ', false, replace);
}

std::expected<StoredSweep, std::string> read_stored_sweep(std::string_view text) {
  constexpr std::string_view journal = R"({"schema":"weir-journal/1")";
  const std::size_t known = std::min(text.size(), journal.size());
  return text.substr(0, known) == journal.substr(0, known) ? read_journal(text) : read_whole(text);
}

std::string sweep_json(const sim::SweepResult& result, const std::vector<std::string>& texts) {
  Json json = {{"schema", "weir-sweep/1"}};
  add_header(json, result.header);
  json["complete"] = result.complete();
  json["points"] = Json::array();
  std::vector<Json> points;
  for (const std::string& text : texts) points.push_back(Json::parse(text));
  std::ranges::sort(points, {},
                    [](const Json& point) { return point.at("point").get<std::size_t>(); });
  for (Json& point : points) json["points"].push_back(std::move(point));
  json["differences"] = Json::array();
  for (const auto& difference : result.differences) {
    json["differences"].push_back(difference_json(difference));
  }
  json["comparisons"] = Json::parse(hypotheses_json(result.hypotheses));
  return json.dump(2, ' ', false, replace) + '\n';
}

}  // namespace weir::report
