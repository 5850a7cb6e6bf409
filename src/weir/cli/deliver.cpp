#include "weir/cli/deliver.h"

#include <utility>

#include "weir/cli/run.h"

namespace weir::cli {
namespace {

using MaybeFile = std::optional<OutputFile>;

std::expected<MaybeFile, std::string> open_file(const std::string& path) {
  if (path.empty() || path == "-") return MaybeFile();
  auto opened = OutputFile::open(path);
  if (!opened) return std::unexpected(opened.error());
  return MaybeFile(*std::move(opened));
}

}  // namespace

std::expected<Delivery, std::string> Delivery::open(const Arguments& arguments) {
  auto json = open_file(arguments.json);
  if (!json) return std::unexpected(json.error());
  auto csv = open_file(arguments.csv);
  if (!csv) return std::unexpected(csv.error());
  Delivery delivery;
  delivery.json_only_ = arguments.json == "-";
  delivery.csv_only_ = arguments.csv == "-";
  delivery.json_ = *std::move(json);
  delivery.csv_ = *std::move(csv);
  return delivery;
}

std::expected<void, std::string> Delivery::write(const Report& report) const {
  const auto shown = write_standard_output(json_only_  ? report.json
                                           : csv_only_ ? report.csv
                                                       : report.text);
  if (json_) {
    if (const auto written = json_->write(report.json); !written) return written;
  }
  if (csv_) {
    if (const auto written = csv_->write(report.csv); !written) return written;
  }
  return shown;
}

int code_of(int signal, const Report& report) {
  if (signal != 0) return exit_code::signalled + signal;
  if (!report.valid) return exit_code::invalid;
  return report.passes ? exit_code::pass : exit_code::missed;
}

}  // namespace weir::cli
