#include "weir/sim/value_range.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

#include "weir/base/text.h"
#include "weir/sim/sweep.h"

namespace weir::sim {
namespace {

using Values = std::vector<std::string>;
using Error = std::unexpected<ParseError>;

constexpr std::size_t digits_max = 15;
constexpr std::string_view brace_example = "write a range such as {1..8} or {400..1000 step 100}";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A decimal number: `units` of 10^-decimals.
struct Decimal {
  std::int64_t units = 0;
  std::size_t decimals = 0;

  Decimal at(std::size_t finer) const {
    Decimal result = *this;
    for (; result.decimals < finer; ++result.decimals) result.units *= 10;
    return result;
  }

  std::string text() const {
    std::string digits = std::to_string(units < 0 ? -units : units);
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    if (decimals > 0) digits.insert(digits.size() - decimals, ".");
    return (units < 0 ? "-" : "") + digits;
  }
};

std::optional<Decimal> read_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, dot));
  if (dot < text.size()) digits += text.substr(dot + 1);
  const bool has_gap = dot == 0 || dot + 1 == text.size();
  if (has_gap || digits.empty() || digits.size() > digits_max) return std::nullopt;
  if (!std::ranges::all_of(digits, is_digit)) return std::nullopt;
  Decimal decimal{.decimals = dot < text.size() ? text.size() - dot - 1 : 0};
  std::from_chars(digits.data(), digits.data() + digits.size(), decimal.units);
  if (negative) decimal.units = -decimal.units;
  return decimal;
}

struct Range {
  Decimal from;
  Decimal to;
  Decimal step;  // without a sign
};

// "400..1000 step 100".
std::optional<Range> read_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(dots + 2);
  std::string_view step = "1";
  if (const std::size_t word = rest.find(" step "); word != std::string_view::npos) {
    step = trimmed(rest.substr(word + 6));
    rest = rest.substr(0, word);
  }
  const auto from = read_decimal(trimmed(text.substr(0, dots)));
  const auto to = read_decimal(trimmed(rest));
  const auto by = read_decimal(step);
  if (!from || !to || !by || by->units <= 0) return std::nullopt;
  const std::size_t finest = std::max({from->decimals, to->decimals, by->decimals});
  if (finest > 6) return std::nullopt;
  return Range{from->at(finest), to->at(finest), by->at(finest)};
}

// Values of a range, downwards if it ends below its beginning. Empty: too many.
Values values_of(const Range& range) {
  const bool down = range.to.units < range.from.units;
  const std::int64_t length = (range.to.units - range.from.units) * (down ? -1 : 1);
  const auto count = static_cast<std::uint64_t>(length / range.step.units) + 1;
  if (count > limit::points) return {};
  Values values;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::int64_t far = static_cast<std::int64_t>(i) * range.step.units;
    values.push_back(Decimal{range.from.units + (down ? -far : far), range.from.decimals}.text());
  }
  return values;
}

// What stands between braces.
std::expected<Values, ParseError> read_set(std::string_view inside, std::size_t column) {
  Values values;
  for (const std::string& part : split_values(inside)) {
    if (const auto range = read_range(part)) {
      const Values more = values_of(*range);
      if (more.empty()) {
        return Error(
            {"'" + part + "' has more than " + std::to_string(limit::points) + " values", column});
      }
      values.insert(values.end(), more.begin(), more.end());
    } else if (read_decimal(part)) {
      values.push_back(part);
    } else {
      return Error(
          {"'" + part + "' is no number and no range; " + std::string(brace_example), column});
    }
  }
  return values;
}

}  // namespace

Values split_values(std::string_view list) {
  Values values;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view c = list.substr(i, 1);
    if (std::string_view("([{").find(c) != std::string_view::npos) ++depth;
    if (std::string_view(")]}").find(c) != std::string_view::npos && depth > 0) --depth;
    if (c != "," || depth > 0) continue;
    values.emplace_back(trimmed(list.substr(begin, i - begin)));
    begin = i + 1;
  }
  values.emplace_back(trimmed(list.substr(begin)));
  return values;
}

std::expected<Values, ParseError> expand_values(std::string_view text) {
  if (const auto range = read_range(text)) {
    Values values = values_of(*range);
    if (!values.empty()) return values;
  }
  const std::size_t open = text.find('{');
  if (open == std::string_view::npos) return Values{std::string(text)};
  const std::size_t close = text.find('}', open);
  if (close == std::string_view::npos) {
    return Error({"'{' is never closed; " + std::string(brace_example), open + 1});
  }
  const auto set = read_set(text.substr(open + 1, close - open - 1), open + 1);
  if (!set) return Error(set.error());
  auto rests = expand_values(text.substr(close + 1));
  if (!rests) return Error({rests.error().message, close + 1 + rests.error().column});
  if (set->size() * rests->size() > limit::points) {
    return Error({"stands for more than " + std::to_string(limit::points) + " values", open + 1});
  }
  Values values;
  for (const std::string& number : *set) {
    for (const std::string& rest : *rests) {
      values.push_back(std::string(text.substr(0, open)) + number + rest);
    }
  }
  return values;
}

std::optional<double> number_in(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!is_digit(value[i])) continue;
    const char before = i > 0 ? value[i - 1] : ' ';
    const bool in_word = std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_';
    const std::size_t begin = before == '-' ? i - 1 : i;
    double number = 0;
    const auto [end, error] =
        std::from_chars(value.data() + begin, value.data() + value.size(), number);
    if (!in_word && error == std::errc{}) return number;
    i = static_cast<std::size_t>(end - value.data());
  }
  return std::nullopt;
}

}  // namespace weir::sim
