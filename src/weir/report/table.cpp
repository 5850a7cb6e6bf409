#include "weir/report/table.h"

#include <algorithm>

#include "weir/base/check.h"

namespace weir::report {
namespace {

constexpr std::size_t gap = 2;

struct Block {
  char32_t first;
  char32_t last;
};

// Unicode 15: the blocks of combining marks and zero-width signs, and those that UAX 11 calls wide.
constexpr Block without_width[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                   {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                                   {0xFE20, 0xFE2F}};
constexpr Block wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                          {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                          {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F6FF},
                          {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t n>
bool within(char32_t character, const Block (&blocks)[n]) {
  return std::ranges::any_of(blocks, [&](const Block& block) {
    return character >= block.first && character <= block.last;
  });
}

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
}

// Takes one character off the left; a byte that fits nowhere counts as one.
char32_t next_character(std::string_view& text) {
  const auto head = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  const int more = head >= 0xF0 ? 3 : head >= 0xE0 ? 2 : head >= 0xC0 ? 1 : 0;
  char32_t character = more == 0 ? head : head & (0x3Fu >> more);
  for (int i = 0; i < more && !text.empty() && continues(text.front()); ++i) {
    character = (character << 6) | (static_cast<unsigned char>(text.front()) & 0x3Fu);
    text.remove_prefix(1);
  }
  return character;
}

std::string_view sequence_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[31m";
  }
  return "";
}

using Row = std::vector<Table::Cell>;

std::string line_of(const Row& row, const std::vector<Table::Column>& columns,
                    const std::vector<std::size_t>& widths, bool colour) {
  std::string line;
  std::size_t blanks = 0;  // owed; written only when something follows
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::size_t padding = widths[i] - display_width(row[i].text);
    const bool right = columns[i].align == Table::Align::right;
    if (right) blanks += padding;
    if (!row[i].text.empty()) {
      line.append(blanks, ' ');
      line += painted(row[i].text, row[i].tone, colour);
      blanks = 0;
    }
    blanks += gap + (right ? 0 : padding);
  }
  return line;
}

}  // namespace

std::string painted(std::string_view text, Tone tone, bool colour) {
  const std::string_view sequence = sequence_of(tone);
  if (!colour || sequence.empty() || text.empty()) return std::string(text);
  return std::string(sequence) + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const char32_t character = next_character(text);
    if (within(character, without_width)) continue;
    width += within(character, wide) ? 2 : 1;
  }
  return width;
}

void Table::add(std::vector<Cell> row) {
  WEIR_CHECK(row.size() == columns_.size(), "a row needs a cell for each column of its table");
  rows_.push_back(std::move(row));
}

std::string Table::text(bool colour, std::size_t indent) const {
  if (rows_.empty()) return {};
  std::vector<std::size_t> widths;
  Row titles;
  for (const Column& column : columns_) {
    widths.push_back(display_width(column.title));
    titles.push_back({column.title, Tone::faint});
  }
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].text));
    }
  }
  const std::string margin(indent, ' ');
  std::string text;
  const auto write = [&](const Row& row) {
    const std::string line = line_of(row, columns_, widths, colour);
    text += (line.empty() ? line : margin + line) + '\n';
  };
  if (!std::ranges::all_of(columns_, [](const Column& c) { return c.title.empty(); })) {
    write(titles);
  }
  for (const Row& row : rows_) write(row);
  return text;
}

}  // namespace weir::report
