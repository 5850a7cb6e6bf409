#include "weir/sim/column_file.h"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <optional>

#include "weir/base/suggestion.h"
#include "weir/base/text.h"

namespace weir::sim {
namespace {

constexpr std::string_view blanks = " \t\r\"";

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma), blanks));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// Reads line by line; the first row decides which column it is and whether it has a name.
class ColumnReader {
 public:
  ColumnReader(const ColumnSource& source, Quantity quantity)
      : source_(source), quantity_(quantity) {}

  std::expected<std::vector<double>, std::string> read() {
    std::ifstream file(source_.folder / source_.file);
    if (!file) return std::unexpected("cannot open " + source_.file);
    std::string line;
    while (!error_ && std::getline(file, line)) {
      ++line_;
      const std::string_view text = trimmed(line, blanks);
      if (!text.empty() && text[0] != '#') take(cells_of(line));
    }
    if (error_) return std::unexpected(*error_);
    if (values_.empty()) return std::unexpected(source_.file + " holds no numbers");
    return std::move(values_);
  }

 private:
  void take(const std::vector<std::string_view>& cells) {
    const bool first = !place_;
    if (first && !find_column(cells)) return;
    if (*place_ >= cells.size()) return fail("the row has no such column");
    const std::string_view cell = cells[*place_];
    const auto value = parse_cell(cell);
    if (value) return values_.push_back(*value);
    if (!first) fail(value.error().message);
  }

  // False if that is all there is to do with this row: it held names, or an error.
  bool find_column(const std::vector<std::string_view>& names) {
    if (source_.column.empty()) {
      place_ = 0;
      return true;
    }
    const auto found = std::ranges::find(names, source_.column) - names.begin();
    place_ = static_cast<std::size_t>(found);
    if (*place_ == names.size()) {
      fail("no column '" + source_.column + "'" + did_you_mean(source_.column, names));
    }
    return false;
  }

  std::expected<double, ParseError> parse_cell(std::string_view cell) const {
    const bool bare = parse_number(cell).has_value();
    if (!bare) return parse_quantity(cell, quantity_);
    const std::string_view base = quantity_ == Quantity::duration ? "s"
                                  : quantity_ == Quantity::size   ? "B"
                                                                  : "B/s";
    const std::string unit = source_.unit.empty() ? std::string(base) : source_.unit;
    return parse_quantity(std::string(cell) + unit, quantity_);
  }

  void fail(const std::string& message) {
    error_ = source_.file + ":" + std::to_string(line_) + ": " + message;
  }

  const ColumnSource& source_;
  const Quantity quantity_;
  std::size_t line_ = 0;
  std::optional<std::size_t> place_;
  std::vector<double> values_;
  std::optional<std::string> error_;
};

}  // namespace

std::expected<std::vector<double>, std::string> read_column(const ColumnSource& source,
                                                            Quantity quantity) {
  return ColumnReader(source, quantity).read();
}

std::string spell_arguments(const ColumnSource& source) {
  std::string text = "\"" + source.file + "\"";
  if (!source.column.empty()) text += ", column=\"" + source.column + "\"";
  if (!source.unit.empty()) text += ", unit=\"" + source.unit + "\"";
  return text;
}

}  // namespace weir::sim
