#include "weir/report/hypothesis_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "weir/report/number.h"
#include "weir/report/table.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;

Json case_json(const sim::HypothesisCase& each) {
  return {{"lesser", each.lesser},
          {"greater", each.greater},
          {"place", each.place},
          {"change", each.change ? Json(*each.change) : Json()},
          {"ci95", each.interval ? Json::array({each.interval->low, each.interval->high}) : Json()},
          {"holds", each.holds}};
}

std::string claim_text(const sim::Hypothesis& hypothesis) {
  const std::string where = hypothesis.where_text.empty() ? "" : " where " + hypothesis.where_text;
  return fmt::format("{}: {}{}", hypothesis.metric.text(), hypothesis.text, where);
}

std::string case_text(const sim::HypothesisCase& each) {
  const std::string place = each.place.empty() ? "" : " at " + each.place;
  const std::string change =
      each.change ? change_text(each.change, each.interval) : "no figure in every replication";
  return fmt::format("    {} against {}{}: {}\n", each.lesser, each.greater, place, change);
}

}  // namespace

std::string hypotheses_json(const std::vector<sim::HypothesisVerdict>& verdicts) {
  Json json = Json::array();
  for (const sim::HypothesisVerdict& verdict : verdicts) {
    Json cases = Json::array();
    for (const sim::HypothesisCase& each : verdict.cases) cases.push_back(case_json(each));
    json.push_back({{"compare", verdict.hypothesis.text},
                    {"metric", verdict.hypothesis.metric.text()},
                    {"where", verdict.hypothesis.where_text},
                    {"judged", verdict.judged},
                    {"pass", verdict.pass},
                    {"cases", std::move(cases)}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string hypotheses_text(const std::vector<sim::HypothesisVerdict>& verdicts, bool colour) {
  std::string text;
  for (const sim::HypothesisVerdict& verdict : verdicts) {
    const std::string claim = claim_text(verdict.hypothesis);
    if (!verdict.judged) {
      text +=
          painted("? not judged, its variants are not here: " + claim, Tone::faint, colour) + '\n';
      continue;
    }
    text += painted((verdict.pass ? "✓ " : "✗ ") + claim, verdict.pass ? Tone::good : Tone::bad,
                    colour) +
            '\n';
    for (const sim::HypothesisCase& each : verdict.cases) {
      if (!verdict.pass && !each.holds) text += case_text(each);
    }
  }
  return text;
}

}  // namespace weir::report
