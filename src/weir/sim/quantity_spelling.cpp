// Quantities as text: exactly for files, roundly for people.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "weir/sim/quantity.h"
#include "weir/sim/unit.h"

namespace weir::sim {
namespace {

using Buffer = std::array<char, 64>;

std::string written(double value, std::chars_format format, int digits) {
  Buffer text;
  return {text.data(),
          std::to_chars(text.data(), text.data() + text.size(), value, format, digits).ptr};
}

// d.ddd · 10^exponent without the exponent. Requires: digits is "d" or "d.ddd".
std::string with_point_moved(std::string_view number, int exponent) {
  std::string digits(number.substr(0, 1));
  if (number.size() > 2) digits += number.substr(2);
  if (exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

// The shortest digits that are `value` once multiplied by 10^exponent, in decimal.
std::string shortest(double value, int exponent = 0) {
  if (value < 0) return '-' + shortest(-value, exponent);
  Buffer buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), end);
  const std::size_t e = text.find('e');
  if (e == std::string_view::npos) return std::string(text);
  int power = 0;
  const std::size_t digits = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + digits, end, power);
  power -= exponent;
  if (power > -5 && power < 16) return with_point_moved(text.substr(0, e), power);
  return std::string(text.substr(0, e)) + "e" + std::to_string(power);
}

struct Candidate {
  std::string text;
  std::size_t cost = SIZE_MAX;  // its length, and more where a reader would stumble
};

// Keeps the cheaper, the later among equals, if it reads back to `value`.
template <typename Read>
void consider(Candidate& best, Candidate candidate, double value, Read read) {
  const bool stumbles = candidate.text.starts_with("0.") || candidate.text.contains('e');
  if (stumbles) candidate.cost += 100;
  const auto back = read(std::string_view(candidate.text));
  if (back && *back == value && candidate.cost <= best.cost) best = std::move(candidate);
}

// A unit without a factor always reads back, so there is an answer.
template <typename Read>
std::string spell(double value, std::span<const Unit> units, std::string_view ending, Read read) {
  Candidate best;
  for (const Unit& unit : units) {
    std::string text = shortest(value / unit.factor, unit.exponent);
    text.append(unit.name).append(ending);
    const std::size_t cost = text.size();
    consider(best, {std::move(text), cost}, value, read);
  }
  return best.text;
}

// Minutes, hours and days only where they are much shorter: 60s stays, 3600s is 1h.
constexpr std::size_t price_of_sixty = 2;

}  // namespace

std::string exact_seconds(double seconds) {
  if (seconds == 0) return "0s";
  Candidate best;
  for (const Unit& unit : time_units) {
    std::string text = shortest(seconds / unit.factor, unit.exponent);
    text += unit.name;
    const std::size_t cost = text.size() + (unit.factor == 1 ? 0 : price_of_sixty);
    consider(best, {std::move(text), cost}, seconds, parse_seconds);
  }
  return best.text;
}

std::string exact_rate(double per_second) {
  if (per_second == 0) return "0/s";
  std::string text = shortest(per_second) + "/s";
  // A fraction is as good as a whole number here: 0.1/s, unless it does not come to an end.
  if (text.size() < 12) return text;
  Candidate best{text, text.size()};
  for (const auto& [ending, times] : {std::pair{"/m", 60.0}, {"/h", 3600.0}}) {
    text = shortest(per_second * times) + ending;
    const std::size_t cost = text.size() + price_of_sixty;
    consider(best, {std::move(text), cost}, per_second, parse_rate);
  }
  return best.text;
}

std::string exact_percent(double fraction) {
  return fraction == 0 ? "0%" : spell(fraction, percent_units, "", parse_percent);
}

std::string exact_quantity(double value, Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return exact_seconds(value);
    case Quantity::size:
      return value == 0 ? "0B" : spell(value, size_units, "", parse_size);
    case Quantity::bandwidth:
      return value == 0 ? "0B/s" : spell(value, size_units, "/s", parse_bandwidth);
  }
  std::unreachable();
}

std::string exact_number(double value) {
  return shortest(value);
}

std::string format_duration(Duration duration) {
  if (duration < Duration::zero()) {
    // The negative of the least duration does not exist.
    return "-" + format_duration(duration == Duration::min() ? Duration::max() : -duration);
  }
  if (duration == Duration::zero()) return "0s";
  const double seconds = to_seconds(duration);
  constexpr std::array<double, 7> sizes = {1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400};
  std::size_t chosen = 0;
  while (chosen < 3 && seconds / sizes[chosen] >= 999.95) ++chosen;
  if (seconds >= 119.995) chosen = 4;
  if (seconds >= 2 * 3599.85) chosen = 5;
  if (seconds >= 2 * 86395) chosen = 6;
  const double scaled = seconds / sizes[chosen];
  const std::string number = scaled < 9999.5 ? written(scaled, std::chars_format::general, 4)
                                             : written(scaled, std::chars_format::fixed, 0);
  return number + std::string(time_units[chosen].name);
}

}  // namespace weir::sim
