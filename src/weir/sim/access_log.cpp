#include "weir/sim/access_log.h"

#include <algorithm>

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

bool is_compressed(std::string_view line) {
  return line.starts_with("\x1f\x8b");
}

// Whether it is a line with a time in brackets and something in quotes behind.
bool is_access_line(std::string_view line) {
  const std::size_t bracket = line.find('[');
  const std::size_t end = line.find("] \"", bracket == std::string_view::npos ? 0 : bracket);
  return bracket != std::string_view::npos && end != std::string_view::npos;
}

// Common and combined differ in what is behind the status and the bytes.
LogFormat access_format(std::string_view line) {
  const auto fits = [&](LogFormat format) {
    return common_log_parser(format, LogOptions())->parse(line).has_value();
  };
  return fits(LogFormat::combined) ? LogFormat::combined : LogFormat::common;
}

LogFormat guess(std::string_view line, const LogOptions& options) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin != std::string_view::npos && line[begin] == '{') return LogFormat::jsonl;
  if (is_access_line(line)) return access_format(line);
  const bool printable = std::ranges::none_of(line, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < ' ' && letter != '\t' && letter != '\r';
  });
  const bool has_cells = line.find_first_of(",;\t") != std::string_view::npos ||
                         csv_log_parser(line, options).has_value();
  return printable && has_cells ? LogFormat::csv : LogFormat::automatic;
}

}  // namespace

std::string_view log_format_name(LogFormat format) {
  switch (format) {
    case LogFormat::common:
      return "common";
    case LogFormat::combined:
      return "combined";
    case LogFormat::csv:
      return "csv";
    case LogFormat::jsonl:
      return "jsonl";
    case LogFormat::automatic:
      break;
  }
  return "auto";
}

std::expected<std::unique_ptr<LogParser>, std::string> make_log_parser(std::string_view first_line,
                                                                       const LogOptions& options,
                                                                       bool& consumes) {
  if (is_compressed(first_line)) {
    return Error("it is compressed; unpack it on the way: zcat LOG | weir replay -");
  }
  const LogFormat format =
      options.format == LogFormat::automatic ? guess(first_line, options) : options.format;
  consumes = format == LogFormat::csv;
  switch (format) {
    case LogFormat::csv:
      return csv_log_parser(first_line, options);
    case LogFormat::jsonl:
      return jsonl_log_parser(first_line, options);
    case LogFormat::common:
    case LogFormat::combined:
      return common_log_parser(format, options);
    case LogFormat::automatic:
      break;
  }
  return Error("its first line tells no format; say --format common, combined, csv or jsonl");
}

}  // namespace weir::sim
