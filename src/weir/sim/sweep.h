// A sweep: one scenario at many points, each with a few keys set to other values.
//
// A point is nothing but a list of assignments, as --set would make them; the scenario of a point
// is the file read with those laid over it. So whatever a file can say can be swept. All points
// draw the same random numbers, since these are keyed by seed, replication, purpose and request:
// points are compared replication by replication, like policies.

#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::sim {

namespace limit {
inline constexpr std::size_t points = 100'000;
inline constexpr std::size_t axes = 16;
}  // namespace limit

struct Axis {
  std::string name{};
  std::string key{};                  // "load.web.arrival", what --set takes
  std::vector<std::string> values{};  // at least one; distinct

  bool operator==(const Axis&) const = default;
};

// An axis by name and one of its values.
using AxisValue = std::pair<std::string, std::string>;

struct Sweep {
  std::vector<Axis> axes{};           // names differ
  bool zip = false;                   // the i-th values together, instead of every combination
  bool crn = true;                    // false: every point draws random numbers of its own
  std::vector<AxisValue> baseline{};  // what the other points are compared with; empty: nothing

  bool operator==(const Sweep&) const = default;
};

struct SweepPoint {
  std::size_t number = 0;                  // from 0, the last axis changing fastest
  std::vector<std::string> values{};       // by axis
  std::vector<std::string> assignments{};  // "key=value"

  bool operator==(const SweepPoint&) const = default;
};

// All points in order. Requires: check_sweep() has nothing to say.
std::vector<SweepPoint> sweep_points(const Sweep& sweep);

// What is wrong with axes or baseline, in one line; empty if nothing is.
std::optional<std::string> check_sweep(const Sweep& sweep);

// "KEY=V1,V2,…" with ranges, as --axis takes it. NAME=… replaces the values of an axis that the
// sweep has under this name or key; else the axis is added and named for its key.
std::expected<void, std::string> add_axis(Sweep& sweep, std::string_view text);

// "NAME=VALUE": adds one part of the baseline.
std::expected<void, std::string> add_baseline(Sweep& sweep, std::string_view text);

// Where the axis of that name or key stands.
std::optional<std::size_t> find_axis(const Sweep& sweep, std::string_view name);

// The point that `values` is compared with: itself with the baseline's values. Itself if it is one.
std::vector<std::string> baseline_of(const Sweep& sweep, std::vector<std::string> values);

}  // namespace weir::sim
