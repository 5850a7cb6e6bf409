// Reads the tables that say what happens between requesters and the balancer: [load.upload],
// [load.hedge], [balancer] admission, [network], [shutdown].
//
// Each function takes its table apart and leaves the first error in `error`, unless that holds one
// already.

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_cursor.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

using ReadError = std::optional<ScenarioError>;

// Files that a distribution names are sought from `folder` on.
Upload read_upload(const TomlNode& table, const std::filesystem::path& folder, ReadError& error);
Hedge read_hedge(const TomlNode& table, ReadError& error);
Admission read_admission(const TomlNode& table, ReadError& error);
Network read_network(const TomlNode& table, const std::filesystem::path& folder, ReadError& error);
Shutdown read_shutdown(const TomlNode& table, const Horizon& horizon, ReadError& error);

// "token(1000/s, burst=50)"; the burst is 1 if it is left out.
std::expected<pool::RateLimit, ParseError> parse_token_rate(std::string_view text);

// true or false.
void read_flag(TomlCursor& cursor, std::string_view key, bool& target);

}  // namespace weir::sim
