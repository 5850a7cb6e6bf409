#include "weir/sim/fault_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/workers_reader.h"

namespace weir::sim {
namespace {

using Kind = Fault::Kind;

struct NamedKind {
  std::string_view name;
  Kind kind;
};

constexpr std::array<NamedKind, 13> kinds{{{"crash", Kind::crash},
                                           {"restart", Kind::restart},
                                           {"drain", Kind::drain},
                                           {"slow", Kind::slow},
                                           {"freeze", Kind::freeze},
                                           {"hang", Kind::hang},
                                           {"black_hole", Kind::black_hole},
                                           {"error", Kind::error},
                                           {"lost_reply", Kind::lost_reply},
                                           {"late_reply", Kind::late_reply},
                                           {"cold_start", Kind::cold_start},
                                           {"scale", Kind::scale},
                                           {"stale", Kind::stale}}};

// A key, the kinds that have it, and what to write if the first of them needs it.
struct OwnKey {
  std::string_view key;
  std::vector<Kind> kinds;
  std::string_view needed = {};
};

const std::vector<OwnKey>& own_keys() {
  static const std::vector<OwnKey> keys = {
      {"factor", {Kind::slow, Kind::cold_start}, "factor = 4"},
      {"share", {Kind::error, Kind::lost_reply, Kind::late_reply}},
      {"delay", {Kind::late_reply}, "delay = \"exp(100ms)\""},
      {"takes", {Kind::black_hole}},
      {"replies", {Kind::crash}},
      {"detect", {Kind::crash}},
      {"grace", {Kind::restart}},
      {"batch", {Kind::restart}},
      {"cold", {Kind::crash, Kind::restart, Kind::scale}},
      {"concurrency", {Kind::scale}},
      {"count", {Kind::scale}},
      {"age", {Kind::stale}, "age = \"1s\""},
  };
  return keys;
}

std::string name_of(Kind kind) {
  return std::string(kind_word(kind));
}

// "slow" or "cold_start", as they are written.
std::string list_of(const std::vector<Kind>& some) {
  std::string text;
  for (const Kind kind : some) {
    if (!text.empty()) text += kind == some.back() ? " or " : ", ";
    text += "\"" + name_of(kind) + "\"";
  }
  return text;
}

// "*", "fast", "fast[*]" or "fast[3]"; group stays empty for the first.
std::expected<Fault, ParseError> parse_target(std::string_view text) {
  Fault target;
  if (text == "*") return target;
  const std::size_t bracket = text.find('[');
  target.group = text.substr(0, bracket);
  const std::string_view index = bracket == std::string_view::npos ? "[*]" : text.substr(bracket);
  const bool closed = index.size() > 2 && index.back() == ']';
  const std::string_view inner = closed ? index.substr(1, index.size() - 2) : "";
  if (inner == "*" && !target.group.empty()) return target;
  std::uint32_t number = 0;
  const char* end = inner.data() + inner.size();
  const auto [stop, failed] = std::from_chars(inner.data(), end, number);
  if (inner.empty() || failed != std::errc() || stop != end || target.group.empty()) {
    return std::unexpected(ParseError{
        "'" + std::string(text) + "' is no target; write \"fast[3]\", \"fast[*]\" or \"*\"", 1});
  }
  target.number = number;
  return target;
}

}  // namespace

Fault FaultReader::read(const TomlNode& table) {
  Fault fault;
  TomlCursor cursor(table, "[[fault]]", error_);
  read_kind(cursor, fault);
  read_target(cursor, fault);
  read_timeline(cursor, table, fault);
  read_effect(cursor, table, fault);
  cursor.finish();
  if (error_) return fault;
  refuse_strangers(cursor, table, fault);
  check_target(cursor, fault);
  check_times(cursor, fault);
  check_losses(cursor, fault);
  return fault;
}

void FaultReader::read_kind(TomlCursor& cursor, Fault& fault) {
  cursor.read_parsed(
      "kind", fault.kind, "\"crash\"",
      [](std::string_view text) -> std::expected<Kind, ParseError> {
        const auto found = std::ranges::find(kinds, text, &NamedKind::name);
        if (found != kinds.end()) return found->kind;
        std::vector<std::string_view> names;
        for (const NamedKind& kind : kinds) names.push_back(kind.name);
        return std::unexpected(ParseError{
            "'" + std::string(text) + "' is no kind of fault" + did_you_mean(text, names), 1});
      });
  cursor.require("kind", "kind = \"crash\"");
}

void FaultReader::read_target(TomlCursor& cursor, Fault& fault) {
  Fault target;
  cursor.read_parsed("target", target, "\"fast[3]\"", parse_target);
  fault.group = target.group;
  fault.number = target.number;
  cursor.read_parsed("fraction", fault.fraction, "\"25%\"", parse_percent);
}

void FaultReader::read_timeline(TomlCursor& cursor, const TomlNode& table, Fault& fault) {
  const auto parse = [this](std::string_view text) {
    return Distribution::parse(text, Quantity::duration, folder_);
  };
  cursor.read_parsed("at", fault.at, "\"20s\"", parse_duration);
  cursor.read_time("for", fault.time, limit::time);
  cursor.read_time("every", fault.every, limit::time);
  cursor.read_parsed("uptime", fault.uptime, "\"exp(1h)\"", parse);
  cursor.read_parsed("downtime", fault.downtime, "\"exp(1m)\"", parse);
  check_life(cursor, fault.uptime, fault.downtime);
  const bool random = table.find("uptime") != nullptr || table.find("downtime") != nullptr;
  if (random) {
    cursor.require("uptime", "uptime = \"exp(1h)\"");
    cursor.require("downtime", "downtime = \"exp(1m)\"");
    for (const std::string_view key : {"at", "for", "every"}) {
      if (const TomlNode* node = cursor.take(key)) {
        cursor.report(key, *node, "cannot stand beside 'uptime', which says when; remove one");
      }
    }
    return;
  }
  cursor.require("at", "at = \"20s\", or uptime and downtime");
  const bool lasts = fault.kind == Kind::restart || fault.kind == Kind::cold_start;
  if (lasts || scenario_.horizon.requests) cursor.require("for", "for = \"10s\"");
}

void FaultReader::read_effect(TomlCursor& cursor, const TomlNode& table, Fault& fault) {
  cursor.read_number("factor", fault.factor, {.low = 1, .high = limit::scale, .open = true});
  cursor.read_parsed("share", fault.share, "\"10%\"", parse_percent);
  cursor.read_parsed("delay", fault.delay, "\"exp(100ms)\"", [this](std::string_view text) {
    return Distribution::parse(text, Quantity::duration, folder_);
  });
  if (fault.kind == Kind::black_hole) fault.takes = std::chrono::milliseconds(1);
  cursor.read_parsed("takes", fault.takes, "\"1ms\"", parse_duration);
  cursor.read_word("replies", fault.replies,
                   {{"refused", Fault::Replies::refused}, {"lost", Fault::Replies::lost}});
  cursor.read_parsed("detect", fault.detect, "\"2s\"", parse_duration);
  if (fault.kind == Kind::restart) fault.grace = std::chrono::seconds(30);
  cursor.read_parsed("grace", fault.grace, "\"30s\"", parse_duration);
  cursor.read_count("batch", fault.batch, std::uint32_t{1}, limit::workers);
  if (const TomlNode* cold = cursor.take_table("cold")) read_cold(*cold, fault);
  std::uint32_t number = 0;
  cursor.read_count("concurrency", number, std::uint32_t{1}, limit::concurrency);
  if (number > 0) fault.concurrency = number;
  number = 0;
  cursor.read_count("count", number, std::uint32_t{1}, limit::workers);
  if (number > 0) fault.count = number;
  cursor.read_parsed("age", fault.age, "\"1s\"", parse_duration);
  for (const OwnKey& own : own_keys()) {
    if (!own.needed.empty() && std::ranges::find(own.kinds, fault.kind) != own.kinds.end()) {
      cursor.require(own.key, own.needed);
    }
  }
  if (fault.kind == Kind::scale && table.find("count") == nullptr) {
    cursor.require("concurrency", "concurrency = 2, or count");
  }
}

void FaultReader::read_cold(const TomlNode& table, Fault& fault) {
  TomlCursor cursor(table, "[[fault]] cold", error_);
  ColdStart cold;
  std::optional<Duration> time;
  cursor.read_number("factor", cold.factor, {.low = 1, .high = limit::scale, .open = true});
  cursor.read_time("for", time, limit::time);
  cursor.require("factor", "factor = 4");
  cursor.require("for", "for = \"30s\"");
  cursor.finish();
  cold.time = time.value_or(Duration::zero());
  fault.cold = cold;
}

void FaultReader::refuse_strangers(TomlCursor& cursor, const TomlNode& table, const Fault& fault) {
  for (const OwnKey& own : own_keys()) {
    if (table.find(own.key) == nullptr) continue;
    if (std::ranges::find(own.kinds, fault.kind) != own.kinds.end()) continue;
    cursor.report(own.key, *cursor.take(own.key),
                  "belongs to kind = " + list_of(own.kinds) + "; remove it");
  }
  if (fault.concurrency && fault.count) {
    cursor.report("count", *cursor.take("count"), "cannot stand beside 'concurrency'; keep one");
  }
  if (fault.kind != Kind::stale) return;
  for (const std::string_view key : {"target", "fraction", "uptime"}) {
    if (const TomlNode* node = cursor.take(key)) {
      cursor.report(key, *node, "has no place here: the balancer's view is stale; remove it");
    }
  }
}

void FaultReader::check_target(TomlCursor& cursor, const Fault& fault) {
  const TomlNode* node = cursor.take("target");
  if (error_ || fault.kind == Kind::stale) return;
  std::vector<std::string_view> names;
  for (const Workers& group : scenario_.workers) {
    names.push_back(group.name);
    if (!fault.group.empty() && fault.group != group.name) continue;
    if (fault.number && *fault.number >= group.places()) {
      cursor.report("target", *node,
                    "names no worker: " + group.name + " has " + std::to_string(group.places()) +
                        ", numbered from 0");
    }
    if (fault.count && *fault.count == group.count && !fault.group.empty()) {
      cursor.report("count", *cursor.take("count"), "is what " + group.name + " has already");
    }
    if (fault.count && *fault.count > group.count) check_bringing(cursor, fault);
    if (group.work == Workers::Work::cpu) {
      cursor.report("kind", *cursor.take("kind"),
                    "cannot strike " + group.name +
                        ": work = \"cpu\" cannot be interrupted; write work = \"wait\" there");
    }
  }
  if (fault.group.empty() || std::ranges::find(names, fault.group) != names.end()) return;
  cursor.report("target", *node,
                "names no group of workers: " + quoted(std::string_view(fault.group)) +
                    did_you_mean(fault.group, names));
}

// Who is not there before comes for a time that is known beforehand, and not alone.
void FaultReader::check_bringing(TomlCursor& cursor, const Fault& fault) {
  const auto refuse = [&](bool refused, std::string_view key, std::string_view complaint) {
    if (const TomlNode* node = refused ? cursor.take(key) : nullptr) {
      cursor.report(key, *node, complaint);
    }
  };
  refuse(fault.number.has_value(), "target",
         "names one worker, and 'count' brings others; write the group");
  refuse(fault.fraction < 1, "fraction", "cannot stand beside a 'count' that brings workers");
  refuse(fault.uptime.has_value(), "uptime",
         "cannot stand beside a 'count' that brings workers; write at");
}

void FaultReader::check_times(TomlCursor& cursor, const Fault& fault) {
  if (error_) return;
  if (fault.fraction <= 0) {
    cursor.report("fraction", *cursor.take("fraction"), "must be above 0%");
  }
  if (scenario_.horizon.time && !fault.uptime && fault.at >= *scenario_.horizon.time) {
    cursor.report("at", *cursor.take("at"), "is not before the end of the run");
  }
  const bool repeats = fault.every && fault.kind != Kind::restart;
  if (repeats && (!fault.time || *fault.every < *fault.time)) {
    cursor.report("every", *cursor.take("every"),
                  "must be at least 'for': one is over before the next begins");
  }
}

// Nobody is told of what is lost, so without a deadline a run of so many requests never ends.
void FaultReader::check_losses(TomlCursor& cursor, const Fault& fault) {
  const bool silent = fault.kind == Kind::crash && fault.replies == Fault::Replies::lost;
  const bool loses = silent || fault.kind == Kind::hang || fault.kind == Kind::lost_reply;
  if (error_ || !loses || !scenario_.horizon.requests) return;
  for (const Load& load : scenario_.loads) {
    if (load.timeout || load.retry.attempt_timeout) continue;
    cursor.report("kind", *cursor.take("kind"),
                  "loses replies, and load " + quoted(std::string_view(load.name)) +
                      " waits for them for ever: give it a timeout");
    return;
  }
}

std::string_view kind_word(Fault::Kind kind) {
  return std::ranges::find(kinds, kind, &NamedKind::kind)->name;
}

}  // namespace weir::sim
