#include "weir/sim/argument_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/base/check.h"
#include "weir/base/suggestion.h"

namespace weir::sim {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string out_of(const Bounds& bounds) {
  if (bounds.open && bounds.low == 0) return " must be more than 0";
  if (!std::isfinite(bounds.high)) return " must be at least " + exact_number(bounds.low);
  return " must lie between " + exact_number(bounds.low) + " and " + exact_number(bounds.high);
}

}  // namespace

std::expected<double, ParseError> read_literal(
    const Expression& literal, std::expected<double, ParseError> (*parse)(std::string_view)) {
  const bool plain = literal.kind == Expression::Kind::literal ||
                     (literal.kind == Expression::Kind::call && literal.arguments.empty());
  // A bare word goes to the parser too: it knows best what it would have liked to see.
  auto value = plain ? parse(literal.word) : parse("");
  if (!value) value.error().column += literal.column - 1;
  return value;
}

ArgumentReader::ArgumentReader(const Expression& call,
                               std::initializer_list<std::string_view> names)
    : call_(call), names_(names), bound_(names.size()) {
  std::size_t by_place = 0;
  for (std::size_t i = 0; i < call.arguments.size() && !error_; ++i) {
    bind(i, by_place);
    if (call.arguments[i].key.empty()) ++by_place;
  }
}

void ArgumentReader::bind(std::size_t index, std::size_t by_place) {
  const Argument& argument = call_.arguments[index];
  std::size_t slot = by_place;
  if (!argument.key.empty()) {
    slot = static_cast<std::size_t>(std::ranges::find(names_, argument.key) - names_.begin());
    if (slot == names_.size()) {
      return fail(call_.word + " has no parameter " + quoted(argument.key) +
                      did_you_mean(argument.key, names_),
                  argument.value.column);
    }
  }
  if (slot >= names_.size())
    return fail("too many arguments; write " + usage(), argument.value.column);
  if (bound_[slot] != nullptr) {
    return fail(quoted(names_[slot]) + " is given twice", argument.value.column);
  }
  bound_[slot] = &argument.value;
}

bool ArgumentReader::has(std::string_view name) const {
  return find(name) != nullptr;
}

double ArgumentReader::quantity(std::string_view name, Quantity quantity, Bounds bounds) {
  switch (quantity) {
    case Quantity::duration:
      return read(name, parse_seconds, bounds);
    case Quantity::size:
      return read(name, parse_size, bounds);
    case Quantity::bandwidth:
      return read(name, parse_bandwidth, bounds);
  }
  std::unreachable();
}

double ArgumentReader::rate(std::string_view name, Bounds bounds) {
  return read(name, parse_rate, bounds);
}

double ArgumentReader::number(std::string_view name, Bounds bounds) {
  return read(name, parse_number, bounds);
}

double ArgumentReader::whole_number(std::string_view name, Bounds bounds) {
  const double value = number(name, bounds);
  if (!error_ && value != std::floor(value)) fail_at(name, " must be a whole number");
  return value;
}

const Expression& ArgumentReader::expression(std::string_view name) {
  static const Expression nothing;
  const Expression* found = find(name);
  if (found != nullptr) return *found;
  fail(call_.word + " needs " + quoted(name) + "; write " + usage(), call_.column);
  return nothing;
}

std::string ArgumentReader::optional_text(std::string_view name) {
  const Expression* given = find(name);
  if (given == nullptr) return {};
  if (given->kind != Expression::Kind::text) fail_at(name, " stands between quotes");
  return given->word;
}

double ArgumentReader::read(std::string_view name, Parse parse, Bounds bounds) {
  const Expression& given = expression(name);
  if (error_) return 0;
  const auto value = read_literal(given, parse);
  if (!value) {
    fail(std::string(name) + ": " + value.error().message, value.error().column);
    return 0;
  }
  const bool inside = bounds.open ? *value > bounds.low : *value >= bounds.low;
  if (!inside || *value > bounds.high) fail_at(name, out_of(bounds));
  return *value;
}

const Expression* ArgumentReader::find(std::string_view name) const {
  const auto slot = static_cast<std::size_t>(std::ranges::find(names_, name) - names_.begin());
  WEIR_CHECK(slot < names_.size(), "a parameter was read that the reader did not declare");
  return bound_[slot];
}

void ArgumentReader::fail(std::string message, std::size_t column) {
  if (!error_) error_ = ParseError{std::move(message), column};
}

void ArgumentReader::fail_at(std::string_view name, const std::string& message) {
  const Expression* given = find(name);
  fail(std::string(name) + message, given != nullptr ? given->column : call_.column);
}

std::string ArgumentReader::usage() const {
  std::string text = call_.word + "(";
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (i > 0) text += ", ";
    text += names_[i];
  }
  return text + ")";
}

}  // namespace weir::sim
