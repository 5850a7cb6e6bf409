// Text in columns, and the few tones that a terminal may give it.
//
// Widths are counted in characters as a terminal shows them, not in bytes, and tones are added
// after that, so a table has the same shape with and without colour.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::report {

enum class Tone { plain, strong, faint, good, bad };

// The text in that tone, by the escape sequences of ECMA-48; as it is if `colour` is false.
std::string painted(std::string_view text, Tone tone, bool colour);

// Cells of a terminal that UTF-8 text takes: two for East Asian wide characters and pictures, none
// for combining marks.
std::size_t display_width(std::string_view text);

class Table {
 public:
  enum class Align { left, right };

  struct Column {
    std::string title{};
    Align align = Align::right;
  };

  struct Cell {
    std::string text{};
    Tone tone = Tone::plain;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Requires: a cell for each column.
  void add(std::vector<Cell> row);

  // Titles and rows, each a line that begins with `indent` spaces and ends with no space; two
  // spaces between columns. No titles if all are empty. A table without rows is empty.
  std::string text(bool colour = false, std::size_t indent = 0) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace weir::report
