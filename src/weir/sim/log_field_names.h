// By which names logs call when a request came, how long it took and how many bytes it had.

#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/access_log.h"

namespace weir::sim {

// Where the parts stand in a list of names.
struct LogPlaces {
  std::size_t time = 0;
  std::optional<std::size_t> duration{};
  std::optional<std::size_t> bytes{};
  LogUnit time_unit = LogUnit::automatic;
  LogUnit duration_unit = LogUnit::automatic;
  // weir's own.
  std::optional<std::size_t> replication{};
  std::optional<std::size_t> started{};
  std::optional<std::size_t> finished{};

  bool is_weirs_own() const { return replication.has_value(); }
};

// By the names that the options give, else by custom: time, timestamp …; duration, latency_ms …;
// bytes, size …. A name may end in its unit: _s, _ms, _us, _ns. `what` is "column" or "key". The
// error is one sentence.
std::expected<LogPlaces, std::string> find_log_places(const std::vector<std::string_view>& names,
                                                      const LogOptions& options,
                                                      std::string_view what);

}  // namespace weir::sim
