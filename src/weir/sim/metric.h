// The name of one figure of a result, as the JSON spells it: web.response.p99, worker.fast[0].
// utilisation, balancer.mean_queue.
//
// A name says which unit the figure has, so a bound on it can be checked before anything runs. That
// the load or the group exists is for the reader of the scenario to see.

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/quantity.h"

namespace weir::sim {

// What a worker is called: "fast[3]".
std::string worker_name(std::string_view group, std::uint32_t number);

struct Metric {
  enum class Subject { load, workers, balancer };
  enum class Unit { seconds, fraction, per_second, number };

  Subject subject = Subject::balancer;
  std::string name{};                    // of the load or class, or the group of workers
  std::optional<std::uint32_t> index{};  // one worker of the group; empty: the mean of the group
  std::string figure{};                  // "response.p99", "utilisation", "mean_queue"
  Unit unit = Unit::number;

  // What the figure is of: a load, a group, or one worker of it, "fast[3]".
  std::string subject_name() const { return index ? worker_name(name, *index) : name; }

  // Whether it is a quantile far out, a p99 or beyond: see RunRecord::tail_batches.
  bool is_tail() const { return figure.ends_with(".p99") || figure.ends_with(".p999"); }

  // The spelling that parse_metric() reads.
  std::string text() const;

  bool operator==(const Metric&) const = default;
};

// The names of all figures of a load (of workers, of the balancer), in the order of the JSON.
std::vector<std::string> figure_names(Metric::Subject subject);

std::expected<Metric, ParseError> parse_metric(std::string_view text);

}  // namespace weir::sim
