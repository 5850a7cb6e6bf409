// What a sweep came to: its points with the figures asked for, how they differ from the baseline,
// and whether the hypotheses hold.
//
// Made of plain values that a file can hold: a point that was read back from a journal is as good
// as one that was just run, so an interrupted sweep, shards that are merged, and a sweep in one go
// give the same result to the byte.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/sim/hypothesis.h"
#include "weir/sim/interval.h"
#include "weir/sim/metric.h"
#include "weir/sim/result.h"
#include "weir/sim/sweep.h"

namespace weir::sim {

struct RunSummary;
struct Scenario;

// A part of a sweep: the points p with p mod `of` = `index`.
struct Shard {
  std::size_t index = 0;
  std::size_t of = 1;

  bool has(std::size_t point) const { return point % of == index; }
  bool operator==(const Shard&) const = default;
};

// What all points share, and all that is needed to judge them.
struct SweepHeader {
  std::string scenario{};
  std::uint64_t seed = 0;
  std::string identity{};  // 16 hexadecimal digits: of the scenario, the axes, and all that counts
  Sweep sweep{};
  std::vector<Metric> metrics{};  // that are shown
  std::vector<Hypothesis> hypotheses{};
  Shard shard{};

  std::size_t points() const { return sweep_points(sweep).size(); }
};

struct PointFigure {
  std::optional<Figure> figure{};
  std::vector<double> replications{};  // empty where they have none; see metric_series()
};

struct PointResult {
  std::size_t number = 0;
  std::vector<std::string> values{};  // by axis
  std::uint32_t replications = 0;
  bool valid = true;
  bool passes = true;
  std::vector<std::string> notes{};
  std::vector<PointFigure> figures{};  // by metric of recorded_metrics()
};

struct PointDifference {
  std::size_t point = 0;
  std::size_t baseline = 0;
  Metric metric{};
  std::optional<double> change{};  // relative
  std::optional<Interval> interval{};
  bool significant = false;  // after correction for all differences of the sweep
};

struct SweepResult {
  SweepHeader header{};
  std::vector<PointResult> points{};  // by number
  std::vector<PointDifference> differences{};
  std::vector<HypothesisVerdict> hypotheses{};

  bool complete() const { return points.size() == header.points(); }
  bool valid() const;
  bool passes() const;
  const PointResult* find(std::size_t number) const;
};

// Those shown, and those of hypotheses besides.
std::vector<Metric> recorded_metrics(const SweepHeader& header);

// What is kept of a point.
PointResult point_result(const SweepHeader& header, const SweepPoint& point,
                         const RunRecord& record, const RunSummary& summary);

// Differences and hypotheses of the points there are. Points come in any order, each once.
SweepResult evaluate_sweep(SweepHeader header, std::vector<PointResult> points);

// response.p50, response.p99, success and goodput_per_s of every load.
std::vector<Metric> default_metrics(const Scenario& scenario);

// "policy=p2c, rate=poisson(800/s)".
std::string place_text(const Sweep& sweep, const std::vector<std::string>& values);

}  // namespace weir::sim
