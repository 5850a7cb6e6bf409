#include "weir/sim/sweep.h"

#include <algorithm>

#include "weir/base/suggestion.h"
#include "weir/sim/value_range.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::vector<std::string_view> names_of(const Sweep& sweep) {
  std::vector<std::string_view> names;
  for (const Axis& axis : sweep.axes) names.push_back(axis.name);
  return names;
}

std::size_t point_count(const Sweep& sweep) {
  if (sweep.zip) return sweep.axes.front().values.size();
  std::size_t count = 1;
  for (const Axis& axis : sweep.axes) {
    if (count > limit::points) break;
    count *= axis.values.size();
  }
  return count;
}

// Which value of each axis the point of that number has.
std::vector<std::size_t> places_of(const Sweep& sweep, std::size_t number) {
  std::vector<std::size_t> places(sweep.axes.size(), number);
  if (sweep.zip) return places;
  for (std::size_t i = places.size(); i-- > 0;) {
    places[i] = number % sweep.axes[i].values.size();
    number /= sweep.axes[i].values.size();
  }
  return places;
}

std::optional<std::string> check_axis(const Axis& axis) {
  if (axis.values.empty()) return "axis " + quoted(axis.name) + " has no values";
  for (auto value = axis.values.begin(); value != axis.values.end(); ++value) {
    if (value->empty()) return "axis " + quoted(axis.name) + " has an empty value";
    if (std::find(axis.values.begin(), value, *value) != value) {
      return "axis " + quoted(axis.name) + " has the value " + quoted(*value) + " twice";
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_baseline(const Sweep& sweep) {
  for (const auto& [name, value] : sweep.baseline) {
    const auto axis = find_axis(sweep, name);
    if (!axis) {
      const auto names = names_of(sweep);
      return "the baseline names no axis: " + quoted(name) + did_you_mean(name, names);
    }
    const auto& values = sweep.axes[*axis].values;
    if (std::ranges::find(values, value) == values.end()) {
      const std::vector<std::string_view> known(values.begin(), values.end());
      return "axis " + quoted(sweep.axes[*axis].name) + " has no value " + quoted(value) +
             " for the baseline" + did_you_mean(value, known);
    }
  }
  if (!sweep.baseline.empty() && sweep.zip) {
    return "a baseline asks for points that differ in one axis alone: take zip away";
  }
  if (!sweep.baseline.empty() && !sweep.crn) {
    return "a baseline asks for common random numbers: take crn = false away";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> find_axis(const Sweep& sweep, std::string_view name) {
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    if (sweep.axes[i].name == name || sweep.axes[i].key == name) return i;
  }
  return std::nullopt;
}

std::vector<SweepPoint> sweep_points(const Sweep& sweep) {
  std::vector<SweepPoint> points;
  const std::size_t count = point_count(sweep);
  for (std::size_t number = 0; number < count; ++number) {
    SweepPoint point{.number = number};
    const auto places = places_of(sweep, number);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Axis& axis = sweep.axes[i];
      point.values.push_back(axis.values[places[i]]);
      point.assignments.push_back(axis.key + '=' + axis.values[places[i]]);
    }
    points.push_back(std::move(point));
  }
  return points;
}

std::optional<std::string> check_sweep(const Sweep& sweep) {
  if (sweep.axes.empty()) return "there is no axis to sweep over";
  if (sweep.axes.size() > limit::axes) {
    return "there are more than " + std::to_string(limit::axes) + " axes";
  }
  for (const Axis& axis : sweep.axes) {
    if (auto complaint = check_axis(axis)) return complaint;
    if (sweep.zip && axis.values.size() != sweep.axes.front().values.size()) {
      const Axis& first = sweep.axes.front();
      return "zip takes axes of one length, but " + quoted(first.name) + " has " +
             std::to_string(first.values.size()) + " values and " + quoted(axis.name) + " has " +
             std::to_string(axis.values.size());
    }
  }
  if (point_count(sweep) > limit::points) {
    return "the sweep has more than " + std::to_string(limit::points) + " points";
  }
  return check_baseline(sweep);
}

std::expected<void, std::string> add_axis(Sweep& sweep, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    return Error("--axis takes KEY=V1,V2,… or KEY={1..8}, not " + quoted(text));
  }
  const std::string_view key = text.substr(0, equals);
  std::vector<std::string> values;
  for (const std::string& part : split_values(text.substr(equals + 1))) {
    const auto more = expand_values(part);
    if (!more) return Error("--axis " + std::string(text) + ": " + more.error().message);
    values.insert(values.end(), more->begin(), more->end());
  }
  if (const auto known = find_axis(sweep, key)) {
    sweep.axes[*known].values = std::move(values);
  } else {
    sweep.axes.push_back({std::string(key), std::string(key), std::move(values)});
  }
  return {};
}

std::expected<void, std::string> add_baseline(Sweep& sweep, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    return Error("--baseline takes AXIS=VALUE, not " + quoted(text));
  }
  sweep.baseline.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  return {};
}

std::vector<std::string> baseline_of(const Sweep& sweep, std::vector<std::string> values) {
  for (const auto& [name, value] : sweep.baseline) {
    if (const auto axis = find_axis(sweep, name)) values[*axis] = value;
  }
  return values;
}

}  // namespace weir::sim
