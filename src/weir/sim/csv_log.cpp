// A log as rows under a first row of names, with commas, semicolons or tabs between the cells and
// quotes around those that hold such letters (RFC 4180, without line breaks inside of quotes).

#include <algorithm>
#include <vector>

#include "weir/base/text.h"
#include "weir/sim/log_field_names.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \r";  // A tab may separate cells.

// Of a quoted cell what is between the quotes; doubled ones stay doubled, since no number and no
// time has any. `end` is where the separator stands.
std::string_view take_cell(std::string_view line, char separator, std::size_t& end) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin != std::string_view::npos && line[begin] == '"') {
    constexpr std::size_t none = std::string_view::npos;
    std::size_t close = line.find('"', begin + 1);
    while (close != none && line.substr(close).starts_with("\"\"")) {
      close = line.find('"', close + 2);
    }
    if (close != none) {
      end = std::min(line.size(), line.find(separator, close));
      return line.substr(begin + 1, close - begin - 1);
    }
  }
  end = std::min(line.size(), line.find(separator));
  return trimmed(line.substr(0, end), blanks);
}

void split(std::string_view line, char separator, std::vector<std::string_view>& cells) {
  cells.clear();
  for (;;) {
    std::size_t end = 0;
    cells.push_back(take_cell(line, separator, end));
    if (end >= line.size()) return;
    line.remove_prefix(end + 1);
  }
}

class CsvLogParser final : public LogParser {
 public:
  CsvLogParser(char separator, std::size_t columns, const LogPlaces& places)
      : separator_(separator), columns_(columns), places_(places) {}

  LogFormat format() const override { return LogFormat::csv; }
  LogUnit time_unit() const override { return places_.time_unit; }
  LogUnit duration_unit() const override { return places_.duration_unit; }
  bool is_weirs_own() const override { return places_.is_weirs_own(); }

  std::expected<LogLine, std::string> parse(std::string_view line) override {
    LogLine parts;
    const std::string_view text = trimmed(line, blanks);
    parts.skipped = text.empty() || text.starts_with('#');
    if (parts.skipped) return parts;
    split(line, separator_, cells_);
    if (cells_.size() != columns_) {
      return Error("the row has " + std::to_string(cells_.size()) + " cells, the first one has " +
                   std::to_string(columns_));
    }
    parts.replication = cell(places_.replication);
    parts.time = cells_[places_.time];
    parts.duration = cell(places_.duration);
    parts.bytes = cell(places_.bytes);
    parts.started = cell(places_.started);
    parts.finished = cell(places_.finished);
    return parts;
  }

 private:
  std::optional<std::string_view> cell(std::optional<std::size_t> place) const {
    if (!place) return std::nullopt;
    return cells_[*place];
  }

  const char separator_;
  const std::size_t columns_;
  const LogPlaces places_;
  std::vector<std::string_view> cells_;
};

}  // namespace

std::expected<std::unique_ptr<LogParser>, std::string> csv_log_parser(std::string_view header,
                                                                      const LogOptions& options) {
  if (header.starts_with(byte_order_mark)) header.remove_prefix(byte_order_mark.size());
  char separator = ',';
  for (const char letter : {'\t', ';', ','}) {
    if (header.contains(letter)) separator = letter;
  }
  std::vector<std::string_view> names;
  split(header, separator, names);
  const auto places = find_log_places(names, options, "column");
  if (!places) return Error(places.error());
  return std::make_unique<CsvLogParser>(separator, names.size(), *places);
}

}  // namespace weir::sim
