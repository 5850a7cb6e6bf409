#include "weir/sim/log_field_names.h"

#include <algorithm>
#include <array>
#include <span>

#include "weir/base/suggestion.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::array<std::string_view, 10> time_names = {
    "intended",   "time",  "timestamp",  "ts",       "t",
    "@timestamp", "start", "start_time", "datetime", "date"};
constexpr std::array<std::string_view, 9> duration_names = {
    "duration", "request_time",  "service", "service_time", "latency",
    "elapsed",  "response_time", "took",    "runtime"};
constexpr std::array<std::string_view, 7> bytes_names = {
    "bytes", "size", "body_bytes_sent", "bytes_sent", "length", "content_length", "response_size"};

struct Found {
  std::size_t place = 0;
  LogUnit unit = LogUnit::automatic;
};

std::string lower(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

// "latency_ms" is the name "latency" in milliseconds.
LogUnit unit_of_name(std::string_view name) {
  const std::size_t bar = name.find_last_of('_');
  return bar == std::string_view::npos ? LogUnit::automatic : log_unit(name.substr(bar + 1));
}

std::optional<Found> by_custom(const std::vector<std::string_view>& names,
                               std::span<const std::string_view> known) {
  for (const std::string_view custom : known) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::string name = lower(names[i]);
      const LogUnit unit = unit_of_name(name);
      if (unit != LogUnit::automatic) name.erase(name.find_last_of('_'));
      if (name == custom) return Found{.place = i, .unit = unit};
    }
  }
  return std::nullopt;
}

// Named by the user, or by custom; nothing if there is none by custom.
std::expected<std::optional<Found>, std::string> find_place(
    const std::vector<std::string_view>& names, const LogField& field,
    std::span<const std::string_view> known, std::string_view what) {
  if (field.name.empty()) {
    auto found = by_custom(names, known);
    if (found && field.unit != LogUnit::automatic) found->unit = field.unit;
    return found;
  }
  const auto at = std::ranges::find(names, std::string_view(field.name));
  if (at == names.end()) {
    return Error("there is no " + std::string(what) + " '" + field.name + "'" +
                 did_you_mean(field.name, names));
  }
  const bool said = field.unit != LogUnit::automatic;
  return Found{.place = static_cast<std::size_t>(at - names.begin()),
               .unit = said ? field.unit : unit_of_name(lower(*at))};
}

std::optional<std::size_t> place_of(const std::vector<std::string_view>& names,
                                    std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

std::string listed(const std::vector<std::string_view>& names) {
  constexpr std::size_t shown = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  return names.size() > shown ? text + ", …" : text;
}

// A log that weir run --log has written, read by its own names only.
void find_weirs_own(const std::vector<std::string_view>& names, const LogOptions& options,
                    LogPlaces& places) {
  if (names[places.time] != "intended") return;
  places.replication = place_of(names, "replication");
  if (!places.replication || !options.duration.name.empty()) return;
  places.started = place_of(names, "started");
  places.finished = place_of(names, "finished");
}

}  // namespace

std::expected<LogPlaces, std::string> find_log_places(const std::vector<std::string_view>& names,
                                                      const LogOptions& options,
                                                      std::string_view what) {
  const auto time = find_place(names, options.time, time_names, what);
  if (!time) return Error(time.error());
  if (!*time) {
    return Error("no " + std::string(what) +
                 " looks like a time; name it with --time (there: " + listed(names) + ")");
  }
  LogPlaces places{.time = (*time)->place, .time_unit = (*time)->unit};
  if (options.duration.name != "none") {
    const auto duration = find_place(names, options.duration, duration_names, what);
    if (!duration) return Error(duration.error());
    if (*duration) {
      places.duration = (*duration)->place;
      places.duration_unit = (*duration)->unit;
    }
  }
  const auto bytes = find_place(names, options.bytes, bytes_names, what);
  if (!bytes) return Error(bytes.error());
  if (*bytes) places.bytes = (*bytes)->place;
  find_weirs_own(names, options, places);
  return places;
}

}  // namespace weir::sim
