// Takes the arguments of one call apart: by place or by name, with their units, and with one good
// sentence when something is missing, misspelt or out of range.
//
// The first error sticks and the reads after it answer with harmless values, so that a reader is a
// list of reads followed by one question, error().

#pragma once

#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/expression.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

// Bounds of an argument. With `open` the lower one is excluded.
struct Bounds {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool open = false;
};

inline constexpr Bounds more_than_zero{
    .low = 0, .high = std::numeric_limits<double>::infinity(), .open = true};

class ArgumentReader {
 public:
  // `names` are the parameters in the order in which they may be given by place. `call` must
  // outlive the reader.
  ArgumentReader(const Expression& call, std::initializer_list<std::string_view> names);

  bool has(std::string_view name) const;

  // Each is required: a missing one is an error.
  double quantity(std::string_view name, Quantity quantity, Bounds bounds = {});
  double rate(std::string_view name, Bounds bounds = {});
  double number(std::string_view name, Bounds bounds = {});
  double whole_number(std::string_view name, Bounds bounds);
  const Expression& expression(std::string_view name);

  // What stands between the quotes; empty when nothing was given.
  std::string optional_text(std::string_view name);

  void fail(std::string message, std::size_t column);
  void fail_at(std::string_view name, const std::string& message);
  const std::optional<ParseError>& error() const { return error_; }

 private:
  using Parse = std::expected<double, ParseError> (*)(std::string_view);

  const Expression* find(std::string_view name) const;
  double read(std::string_view name, Parse parse, Bounds bounds);
  void bind(std::size_t index, std::size_t by_place);
  std::string usage() const;

  const Expression& call_;
  std::vector<std::string_view> names_;
  std::vector<const Expression*> bound_;  // by name; null where nothing was given
  std::optional<ParseError> error_;
};

// What `parse` makes of a literal; the error's column is that in the whole text.
std::expected<double, ParseError> read_literal(
    const Expression& literal, std::expected<double, ParseError> (*parse)(std::string_view));

}  // namespace weir::sim
