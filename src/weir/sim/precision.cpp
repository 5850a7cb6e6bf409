#include "weir/sim/precision.h"

#include <algorithm>
#include <cmath>

#include "weir/sim/summary.h"

namespace weir::sim {

std::optional<double> relative_half_width(const RunRecord& record, const Metric& metric) {
  if (record.replications < 2) return {};
  const std::optional<Figure> found = figure(summarise(record), metric);
  if (!found || !found->interval || found->value == 0) return {};
  return found->interval->half_width() / std::abs(found->value);
}

double half_width_target(const StopRule& rule) {
  return rule.relative / (1 + rule.relative);
}

bool is_precise(const RunRecord& record, const StopRule& rule, std::uint32_t least) {
  if (record.replications < std::max(least, replications_to_judge)) return false;
  const std::optional<double> reached = relative_half_width(record, rule.of);
  return reached && *reached <= half_width_target(rule);
}

std::uint32_t replications_needed(const RunRecord& record, const StopRule& rule,
                                  std::uint32_t least) {
  least = std::max(least, replications_to_judge);
  const std::optional<double> reached = relative_half_width(record, rule.of);
  if (!reached) return std::min(least, rule.max_replications);
  const double times = *reached / half_width_target(rule);
  const double needed = std::ceil(record.replications * times * times);
  const double most = rule.max_replications;
  return static_cast<std::uint32_t>(std::clamp(needed, std::min<double>(least, most), most));
}

}  // namespace weir::sim
