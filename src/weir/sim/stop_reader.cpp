#include "weir/sim/stop_reader.h"

#include <algorithm>

#include "weir/sim/expect_reader.h"
#include "weir/sim/metric_series.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/toml_cursor.h"

namespace weir::sim {

StopRule read_stop(const TomlNode& table, std::optional<ScenarioError>& error) {
  StopRule stop;
  TomlCursor cursor(table, "[horizon] stop", error);
  cursor.read_parsed("rel_ci", stop.relative, "\"2%\"", parse_percent);
  cursor.read_parsed("of", stop.of, "\"web.response.p99\"", parse_metric);
  cursor.read_count("max_replications", stop.max_replications, replications_to_judge,
                    limit::replications);
  cursor.require("rel_ci", "rel_ci = \"2%\"");
  cursor.require("of", "of = \"web.response.p99\"");
  if (const TomlNode* node = cursor.take("rel_ci"); node != nullptr && !(stop.relative > 0)) {
    cursor.report("rel_ci", *node, "must be above 0%");
  }
  if (const TomlNode* node = cursor.take("of");
      node != nullptr && !stop.of.figure.empty() && !has_interval(stop.of)) {
    cursor.report("of", *node, "has no interval; choose a mean, a quantile, a share or a rate");
  }
  cursor.finish();
  return stop;
}

void check_stop(const TomlNode& table, const Scenario& scenario,
                std::optional<ScenarioError>& error) {
  TomlCursor cursor(table, "[horizon] stop", error);
  const Horizon& horizon = scenario.horizon;
  check_subject(cursor, "of", horizon.stop->of, scenario);
  if (horizon.stop->max_replications >= horizon.replications) return;
  cursor.report_table("[horizon] stop: max_replications (" +
                      std::to_string(horizon.stop->max_replications) + ") is below replications (" +
                      std::to_string(horizon.replications) + "), the least that are run");
}

}  // namespace weir::sim
