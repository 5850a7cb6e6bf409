#include "weir/sim/request_tables.h"

#include <cmath>
#include <string>
#include <utility>

#include "weir/sim/argument_reader.h"
#include "weir/sim/expression.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

struct Stall {
  double share = 0;
  Distribution length{};
};

// "2%: 5s", or a distribution in place of the time.
std::expected<Stall, ParseError> parse_stall(std::string_view text,
                                             const std::filesystem::path& folder) {
  const auto whole = parse_expression(text);
  if (!whole) return std::unexpected(whole.error());
  if (whole->kind != Expression::Kind::pair) {
    return std::unexpected(ParseError{"write a share of the chunks and how long: 2%: 5s", 1});
  }
  const auto share = read_literal(whole->arguments[0].value, parse_percent);
  if (!share) return std::unexpected(share.error());
  const Expression& length = whole->arguments[1].value;
  if (length.kind == Expression::Kind::literal) {
    const auto seconds = read_literal(length, parse_seconds);
    if (!seconds) return std::unexpected(seconds.error());
    auto constant = Distribution::parse("const(" + length.word + ")", Quantity::duration);
    return Stall{*share, *std::move(constant)};
  }
  auto drawn = Distribution::from(length, Quantity::duration, folder);
  if (!drawn) return std::unexpected(drawn.error());
  return Stall{*share, *std::move(drawn)};
}

// A rate as whole tokens in a whole period, if there is a plain one.
std::optional<pool::RateLimit> as_tokens(double per_second) {
  for (const int seconds : {1, 10, 60, 100, 1000, 3600, 86400}) {
    const double tokens = per_second * seconds;
    const double whole = std::round(tokens);
    if (whole < 1 || std::abs(tokens - whole) > 1e-9 * whole) continue;
    return pool::RateLimit{.tokens = static_cast<std::int64_t>(whole),
                           .per = std::chrono::seconds(seconds)};
  }
  return std::nullopt;
}

struct After {
  std::optional<Duration> time{};
  std::optional<double> quantile{};
};

// "p95" or "20ms".
std::expected<After, ParseError> parse_after(std::string_view text) {
  if (!text.starts_with('p')) {
    const auto time = parse_duration(text);
    if (!time) return std::unexpected(time.error());
    return After{.time = *time};
  }
  const auto percent = parse_number(text.substr(1));
  if (!percent || *percent < 1 || *percent > 99.9) {
    return std::unexpected(ParseError{"write a quantile from p1 to p99.9, or a time", 1});
  }
  return After{.quantile = *percent / 100};
}

}  // namespace

std::expected<pool::RateLimit, ParseError> parse_token_rate(std::string_view text) {
  const auto expression = parse_expression(text);
  if (!expression) return std::unexpected(expression.error());
  if (expression->kind != Expression::Kind::call || expression->word != "token") {
    return std::unexpected(ParseError{"write token(1000/s, burst=50)", expression->column});
  }
  ArgumentReader arguments(*expression, {"rate", "burst"});
  const double rate = arguments.rate("rate", {.low = 0, .high = 1e9, .open = true});
  const double burst =
      arguments.has("burst") ? arguments.whole_number("burst", {.low = 1, .high = 1e6}) : 1;
  if (arguments.error()) return std::unexpected(*arguments.error());
  auto limit = as_tokens(rate);
  if (!limit) {
    return std::unexpected(
        ParseError{"the rate must be whole in some period, such as 15/min", expression->column});
  }
  limit->burst = static_cast<std::int64_t>(burst);
  const double units = burst * static_cast<double>(limit->per.count());
  if (units >= 0x1p62) {
    return std::unexpected(
        ParseError{"so great a burst needs a rate that is whole in a second", expression->column});
  }
  return *limit;
}

void read_flag(TomlCursor& cursor, std::string_view key, bool& target) {
  const TomlNode* node = cursor.take(key);
  if (node == nullptr) return;
  if (node->kind != TomlNode::Kind::boolean) {
    cursor.report(key, *node, "must be true or false, not " + quoted(*node));
    return;
  }
  target = node->boolean;
}

Upload read_upload(const TomlNode& table, const std::filesystem::path& folder, ReadError& error) {
  Upload upload;
  TomlCursor cursor(table, "[load.upload]", error);
  cursor.read_parsed("bandwidth", upload.bandwidth, "\"const(1MiB/s)\"",
                     [&](std::string_view text) {
                       return Distribution::parse(text, Quantity::bandwidth, folder);
                     });
  double chunk = static_cast<double>(upload.chunk);
  cursor.read_parsed("chunk", chunk, "\"64KiB\"", parse_size);
  if (chunk < 1 || chunk > static_cast<double>(limit::chunk)) {
    cursor.report("chunk", *cursor.take("chunk"), "must lie between 1B and 1TiB");
  }
  upload.chunk = static_cast<std::uint64_t>(chunk);
  Stall stall;
  cursor.read_parsed("stall", stall, "\"2%: 5s\"",
                     [&](std::string_view text) { return parse_stall(text, folder); });
  upload.stall_share = stall.share;
  upload.stall = std::move(stall.length);
  using enum Upload::Holds;
  cursor.read_word("holds", upload.holds,
                   {{"slot", slot}, {"worker", worker}, {"nothing", nothing}});
  cursor.require("bandwidth", "bandwidth = \"const(1MiB/s)\"");
  cursor.finish();
  const TomlNode* bandwidth = cursor.take("bandwidth");
  if (!error && bandwidth != nullptr && !(upload.bandwidth.mean() > 0)) {
    cursor.report("bandwidth", *bandwidth, "must be above 0");
  }
  return upload;
}

Hedge read_hedge(const TomlNode& table, ReadError& error) {
  Hedge hedge;
  TomlCursor cursor(table, "[load.hedge]", error);
  After after;
  cursor.read_parsed("after", after, "\"p95\" or \"20ms\"", parse_after);
  hedge.after = after.time;
  hedge.quantile = after.quantile;
  cursor.read_count("max", hedge.max, std::uint32_t{1}, limit::hedges);
  cursor.require("after", "after = \"p95\" or after = \"20ms\"");
  cursor.finish();
  return hedge;
}

Admission read_admission(const TomlNode& table, ReadError& error) {
  Admission admission;
  TomlCursor cursor(table, "[balancer] admission", error);
  cursor.read_parsed("rate", admission.limit, "\"token(1000/s, burst=50)\"", parse_token_rate);
  cursor.read_word(
      "overflow", admission.overflow,
      {{"reject", Admission::Overflow::reject}, {"block", Admission::Overflow::block}});
  cursor.require("rate", "rate = \"token(1000/s, burst=50)\"");
  cursor.finish();
  return admission;
}

Network read_network(const TomlNode& table, const std::filesystem::path& folder, ReadError& error) {
  Network network;
  TomlCursor cursor(table, "[network]", error);
  cursor.read_parsed("latency", network.latency, "\"exp(0.3ms)\"", [&](std::string_view text) {
    return Distribution::parse(text, Quantity::duration, folder);
  });
  cursor.read_parsed("loss", network.loss, "\"0.1%\"", parse_percent);
  if (const TomlNode* latency = cursor.take("latency"); network.latency.per_byte() > 0) {
    cursor.report("latency", *latency, "cannot depend on the size");
  }
  cursor.finish();
  return network;
}

Shutdown read_shutdown(const TomlNode& table, const Horizon& horizon, ReadError& error) {
  Shutdown shutdown;
  TomlCursor cursor(table, "[shutdown]", error);
  const TomlNode* at = cursor.take("at");
  if (at != nullptr && at->text != "end") cursor.read_time("at", shutdown.at, limit::time);
  std::optional<Duration> drain;
  cursor.read_time("drain", drain, limit::time);
  shutdown.drain = drain.value_or(shutdown.drain);
  cursor.finish();
  if (shutdown.at && horizon.time && *shutdown.at >= *horizon.time) {
    cursor.report("at", *at, "must come before the end of the horizon; write \"end\" for that");
  }
  return shutdown;
}

}  // namespace weir::sim
