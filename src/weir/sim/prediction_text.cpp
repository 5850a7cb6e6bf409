// Predictions in lines for people.

#include <fmt/format.h>

#include <string_view>

#include "weir/base/time.h"
#include "weir/sim/prediction.h"
#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

std::string spelled(const Prediction& prediction) {
  switch (prediction.metric.unit) {
    case Metric::Unit::seconds:
      return format_duration(from_seconds(prediction.value));
    case Metric::Unit::per_second:
      return fmt::format("{:.4g}/s", prediction.value);
    case Metric::Unit::fraction:
      return fmt::format("{:.4g} %", 100 * prediction.value);
    case Metric::Unit::number:
      break;
  }
  return fmt::format("{:.4g}", prediction.value);
}

std::string_view sign(Prediction::Relation relation) {
  switch (relation) {
    case Prediction::Relation::equal:
      return "=";
    case Prediction::Relation::about:
      return "≈";
    case Prediction::Relation::at_most:
      return "≤";
    case Prediction::Relation::at_least:
      return "≥";
  }
  return "";
}

}  // namespace

std::string Predictions::text() const {
  std::string lines;
  for (const OfferedLoad& stretch : offered) {
    lines += fmt::format("offered load {:.3g}", stretch.low);
    if (stretch.high > stretch.low) lines += fmt::format(" to {:.3g}", stretch.high);
    if (offered.size() > 1) {
      lines += fmt::format(" from {} to {}", format_duration(from_seconds(stretch.begin_s)),
                           format_duration(from_seconds(stretch.end_s)));
    }
    lines += stretch.high >= 1 ? ": more than the workers can do\n" : "\n";
  }
  for (const Prediction& figure : figures) {
    lines += fmt::format("theory: {} {} {}, {}\n", figure.metric.text(), sign(figure.relation),
                         spelled(figure), figure.formula);
  }
  if (!none.empty()) lines += "theory: none known, " + none + "\n";
  return lines;
}

}  // namespace weir::sim
