#include "weir/cli/replay_arguments.h"

#include <array>
#include <string_view>

#include "weir/base/suggestion.h"
#include "weir/sim/log_time.h"
#include "weir/sim/quantity.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;
using Read = std::expected<void, std::string>;

constexpr std::array<std::string_view, 5> formats = {"auto", "common", "combined", "csv", "jsonl"};

std::string not_this(const std::string& word) {
  return ", not '" + word + "'";
}

Read read_format(const Words& words, sim::LogOptions& how) {
  if (!words.format) return {};
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (formats[i] != *words.format) continue;
    how.format = static_cast<sim::LogFormat>(i);
    return {};
  }
  return Error("--format knows no '" + *words.format + "'" + did_you_mean(*words.format, formats));
}

// "took:us".
Read read_field(std::string_view option, const std::optional<std::string>& word,
                sim::LogField& field) {
  if (!word) return {};
  const std::size_t colon = word->rfind(':');
  field.name = word->substr(0, colon);
  const std::string unit = colon == std::string::npos ? "" : word->substr(colon + 1);
  field.unit = sim::log_unit(unit);
  const bool known = colon == std::string::npos || field.unit != sim::LogUnit::automatic;
  if (known && !field.name.empty()) return {};
  return Error(std::string(option) + " takes a name, and after a colon s, ms, us or ns" +
               not_this(*word));
}

Read read_stamped(const Words& words, sim::LogOptions& how) {
  how.stamped_at_end = words.stamped == "end";
  if (!words.stamped || how.stamped_at_end || words.stamped == "start") return {};
  return Error("--stamped takes start or end" + not_this(*words.stamped));
}

Read read_share(const Words& words, sim::LogOptions& how) {
  if (!words.bad_lines) return {};
  const auto share = sim::parse_percent(*words.bad_lines);
  if (!share) return Error("--bad-lines takes a share such as 1%" + not_this(*words.bad_lines));
  how.bad_share = *share;
  return {};
}

// "2x" or "2".
Read read_scale(const Words& words, ReplayArguments& replay) {
  if (!words.rate_scale) return {};
  std::string_view text = *words.rate_scale;
  if (text.ends_with('x')) text.remove_suffix(1);
  const auto scale = sim::parse_number(text);
  if (!scale || !(*scale >= 0.001 && *scale <= 1e6)) {
    return Error("--rate-scale takes a factor from 0.001x to 1000000x, such as 2x" +
                 not_this(*words.rate_scale));
  }
  replay.scale = *scale;
  return {};
}

// A time of the log cuts while it is read; one from its beginning on must wait until it is known.
Read read_window(const Words& words, ReplayArguments& replay) {
  if (words.length) {
    const auto length = sim::parse_duration(*words.length);
    if (!length || *length <= Duration::zero()) {
      return Error("--for takes a time such as 1h" + not_this(*words.length));
    }
    replay.length = *length;
  }
  if (!words.from) return {};
  if (const auto offset = sim::parse_duration(*words.from)) {
    replay.from = *offset;
    return {};
  }
  const auto from = sim::parse_log_time(*words.from, replay.how.time.unit);
  if (!from) {
    return Error(
        "--from takes a time such as 2026-11-22T18:00:00Z, or 10m after the first request" +
        not_this(*words.from));
  }
  replay.how.from = from->ns;
  if (replay.length) replay.how.until = from->ns + replay.length->count();
  return {};
}

}  // namespace

std::expected<ReplayArguments, std::string> replay_arguments(const Words& words) {
  ReplayArguments replay;
  replay.log = words.replayed.value_or("");
  if (replay.log.empty()) {
    return Error("weir replay takes a log: a file, or - for standard input");
  }
  sim::LogOptions& how = replay.how;
  for (const Read& read :
       {read_format(words, how), read_field("--time", words.time, how.time),
        read_field("--duration", words.duration, how.duration),
        read_field("--bytes", words.bytes, how.bytes), read_stamped(words, how),
        read_share(words, how), read_scale(words, replay), read_window(words, replay)}) {
    if (!read) return Error(read.error());
  }
  replay.service = words.service.value_or("");
  replay.write = words.write.value_or("");
  if (words.service == "") return Error("--service takes a distribution, such as 'exp(5ms)'");
  if (words.write && !words.write->ends_with(".toml")) {
    return Error("--write takes a file that ends in .toml" + not_this(*words.write));
  }
  return replay;
}

}  // namespace weir::cli
