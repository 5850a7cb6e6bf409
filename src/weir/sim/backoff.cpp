#include "weir/sim/backoff.h"

#include <algorithm>
#include <optional>

#include "weir/sim/expression.h"
#include "weir/sim/suggestion.h"

namespace weir::sim {
namespace {

constexpr double factor_max = 1000;
constexpr Duration pause_max = std::chrono::hours{24};

using Failure = std::unexpected<ParseError>;

// The error of a part, moved to where the part stands in the whole.
template <typename Value>
std::expected<Value, ParseError> at(std::expected<Value, ParseError> value, std::size_t column) {
  if (!value) value.error().column += column - 1;
  return value;
}

std::expected<Duration, ParseError> read_pause(const Expression& part) {
  auto pause = at(parse_duration(part.word), part.column);
  if (pause && *pause > pause_max) return Failure({"a pause is at most 24h", part.column});
  return pause;
}

std::expected<double, ParseError> read_factor(const Expression& part) {
  const std::string_view word = part.word;
  if (!word.starts_with('x')) return Failure({"write the factor as x2", part.column});
  auto factor = at(parse_number(word.substr(1)), part.column + 1);
  if (factor && !(*factor >= 1 && *factor <= factor_max)) {
    return Failure({"the factor must be between 1 and 1000", part.column});
  }
  return factor;
}

class BackoffReader {
 public:
  std::expected<Backoff, ParseError> read(const Expression& whole) {
    if (whole.kind != Expression::Kind::call || whole.word != "exp" || whole.arguments.empty()) {
      return Failure({"write exp(50ms, x2, cap=1s, jitter=full) or none", whole.column});
    }
    for (std::size_t i = 0; i < whole.arguments.size(); ++i) {
      if (auto error = read_argument(whole.arguments[i], i)) return Failure(*error);
    }
    backoff_.cap = cap_.value_or(std::min(10 * backoff_.base, pause_max));
    if (backoff_.cap < backoff_.base) return Failure({"the cap is below the first pause", 1});
    return backoff_;
  }

 private:
  std::optional<ParseError> read_argument(const Argument& argument, std::size_t position) {
    const Expression& value = argument.value;
    if (!value.arguments.empty()) return ParseError{"write a single value here", value.column};
    if (argument.key == "cap") return store(read_pause(value), cap_);
    if (argument.key == "jitter") return read_jitter(value);
    if (!argument.key.empty()) return unknown(argument);
    if (position == 0) return store(read_pause(value), backoff_.base);
    if (position == 1) return store(read_factor(value), backoff_.factor);
    return ParseError{"exp takes a pause and a factor; name the others: cap=1s", value.column};
  }

  std::optional<ParseError> read_jitter(const Expression& value) {
    if (value.word != "full" && value.word != "none") {
      return ParseError{"jitter must be full or none", value.column};
    }
    backoff_.jitter = value.word == "full" ? Backoff::Jitter::full : Backoff::Jitter::none;
    return std::nullopt;
  }

  static ParseError unknown(const Argument& argument) {
    constexpr std::string_view known[] = {"cap", "jitter"};
    return {"unknown parameter '" + argument.key + "'" + did_you_mean(argument.key, known),
            argument.value.column};
  }

  template <typename Value, typename Target>
  static std::optional<ParseError> store(const std::expected<Value, ParseError>& value,
                                         Target& target) {
    if (!value) return value.error();
    target = *value;
    return std::nullopt;
  }

  Backoff backoff_;
  std::optional<Duration> cap_;
};

}  // namespace

std::string Backoff::text() const {
  if (base == Duration::zero()) return "none";
  return "exp(" + exact_seconds(to_seconds(base)) + ", x" + exact_number(factor) +
         ", cap=" + exact_seconds(to_seconds(cap)) +
         ", jitter=" + (jitter == Jitter::full ? "full" : "none") + ")";
}

std::expected<Backoff, ParseError> parse_backoff(std::string_view text) {
  if (text == "none") return Backoff{.base = Duration::zero(), .cap = Duration::zero()};
  const auto expression = parse_expression(text);
  if (!expression) return Failure(expression.error());
  return BackoffReader().read(*expression);
}

}  // namespace weir::sim
