#include "weir/sim/backoff.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "weir/base/suggestion.h"

namespace weir::sim {
namespace {

constexpr double factor_max = 1000;
constexpr Duration pause_max = std::chrono::hours{24};

using Failure = std::unexpected<ParseError>;

// A piece of the text and where it stands there.
struct Piece {
  std::string_view text;
  std::size_t column = 1;

  void drop(std::size_t count) {
    text.remove_prefix(count);
    column += count;
  }

  void trim() {
    while (text.starts_with(' ')) drop(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
  }
};

// Nothing nests here, and the factor is no literal of the common grammar: hence not an Expression.
std::vector<Piece> split_at_commas(Piece whole) {
  std::vector<Piece> pieces;
  while (true) {
    const std::size_t comma = std::min(whole.text.find(','), whole.text.size());
    pieces.push_back({whole.text.substr(0, comma), whole.column});
    pieces.back().trim();
    if (comma == whole.text.size()) return pieces;
    whole.drop(comma + 1);
  }
}

// The error of a part, moved to where the part stands in the whole.
template <typename Value>
std::expected<Value, ParseError> at(std::expected<Value, ParseError> value, std::size_t column) {
  if (!value) value.error().column += column - 1;
  return value;
}

std::expected<Duration, ParseError> read_pause(Piece piece) {
  auto pause = at(parse_duration(piece.text), piece.column);
  if (pause && *pause > pause_max) return Failure({"a pause is at most 24h", piece.column});
  return pause;
}

std::expected<double, ParseError> read_factor(Piece piece) {
  const std::size_t column = piece.column;
  if (!piece.text.starts_with('x')) return Failure({"write the factor as x2", column});
  piece.drop(1);
  auto factor = at(parse_number(piece.text), piece.column);
  if (factor && !(*factor >= 1 && *factor <= factor_max)) {
    return Failure({"the factor must be between 1 and 1000", column});
  }
  return factor;
}

class BackoffReader {
 public:
  std::expected<Backoff, ParseError> read(Piece arguments) {
    std::size_t position = 0;
    for (const Piece& piece : split_at_commas(arguments)) {
      if (auto error = read_argument(piece, position++)) return Failure(*error);
    }
    backoff_.cap = cap_.value_or(std::min(10 * backoff_.base, pause_max));
    if (backoff_.cap < backoff_.base) return Failure({"the cap is below the first pause", 1});
    return backoff_;
  }

 private:
  std::optional<ParseError> read_argument(const Piece& piece, std::size_t position) {
    const std::size_t equals = piece.text.find('=');
    if (position == 0) return store(read_pause(piece), backoff_.base);
    if (equals != std::string_view::npos) return read_named(piece, equals);
    if (position == 1) return store(read_factor(piece), backoff_.factor);
    return ParseError{"exp takes a pause and a factor; name the others: cap=1s", piece.column};
  }

  std::optional<ParseError> read_named(const Piece& piece, std::size_t equals) {
    Piece key = piece;
    key.text = piece.text.substr(0, equals);
    key.trim();
    Piece value = piece;
    value.drop(equals + 1);
    value.trim();
    if (key.text == "cap") return store(read_pause(value), cap_);
    if (key.text == "jitter") return read_jitter(value);
    constexpr std::string_view known[] = {"cap", "jitter"};
    return ParseError{
        "unknown parameter '" + std::string(key.text) + "'" + did_you_mean(key.text, known),
        key.column};
  }

  std::optional<ParseError> read_jitter(const Piece& value) {
    if (value.text != "full" && value.text != "none") {
      return ParseError{"jitter must be full or none", value.column};
    }
    backoff_.jitter = value.text == "full" ? Backoff::Jitter::full : Backoff::Jitter::none;
    return std::nullopt;
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
  Piece whole{text};
  if (!text.starts_with("exp(") || !text.ends_with(')')) {
    return Failure({"write exp(50ms, x2, cap=1s, jitter=full) or none", 1});
  }
  whole.text.remove_suffix(1);
  whole.drop(std::string_view("exp(").size());
  return BackoffReader().read(whole);
}

}  // namespace weir::sim
