// Reads a scenario from TOML: strictly, and with one clear line for whatever is wrong.
//
// A key that is not known, or not supported yet, is an error: a simulation that leaves out what was
// asked for is worse than none. Quantities carry their units. The first error is reported and
// nothing else; fixing one often fixes the next. What the queue of a group of workers leaves out is
// as in the balancer's queue.

#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/scenario.h"
#include "weir/sim/scenario_base.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// Beyond these a scenario is taken for a slip of the pen.
namespace limit {
inline constexpr std::uint32_t workers = 100'000;  // of all groups together
inline constexpr std::uint32_t balancers = 1'000;
inline constexpr std::uint64_t views = 1'000'000;      // of workers, by all balancers together
inline constexpr std::uint32_t concurrency = 100'000;  // of one worker
inline constexpr std::uint32_t sharing = 10'000;       // requests that share a processor at once
inline constexpr std::uint32_t clients = 1'000'000;    // of one load
inline constexpr std::uint32_t replications = 100'000;
inline constexpr std::uint32_t retries = 100;                   // of one request
inline constexpr std::uint32_t hedges = 10;                     // beside one attempt
inline constexpr std::uint32_t attempts = 256;                  // of one request, hedges included
inline constexpr std::uint32_t slots = 1'000'000'000;           // of a balancer
inline constexpr double priority = 1e6;                         // either way
inline constexpr std::uint64_t chunk = std::uint64_t{1} << 40;  // bytes
inline constexpr double chunks = 1e6;                           // of a payload of the mean length
inline constexpr std::uint32_t queue = 1'000'000'000;           // waiting requests
inline constexpr std::uint64_t requests = 10'000'000'000;       // of one replication
inline constexpr Duration time = std::chrono::hours{24 * 366 * 10};
inline constexpr double scale = 1e6;  // of a speed or a weight, either way
}  // namespace limit

struct ReadOptions {
  // What is wrong with a policy such as "p2c(d=3)", in one line; nothing if it is known. The
  // catalogue of policies is the caller's; without this check any policy passes.
  std::function<std::optional<std::string>(std::string_view)> check_policy = nullptr;
  // What the text extends, as find_bases() gives it; empty: files are sought, and none is shipped.
  std::optional<std::vector<ScenarioText>> bases = std::nullopt;
};

// What read_scenario() reads: the text over all that it extends, and the overrides over that.
std::expected<TomlNode, ScenarioError> scenario_tree(std::string_view toml, std::string_view file,
                                                     std::span<const std::string> overrides = {},
                                                     const ReadOptions& options = {});

// `file` is for messages, and its stem is the name of a scenario that has none. Each override is
// "key.path=value" (see toml_override.h), applied in order before reading, over what the text
// extends too.
std::expected<Scenario, ScenarioError> read_scenario(std::string_view toml, std::string_view file,
                                                     std::span<const std::string> overrides = {},
                                                     const ReadOptions& options = {});

}  // namespace weir::sim
