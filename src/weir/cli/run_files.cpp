#include "weir/cli/run_files.h"

#include "weir/cli/output_file.h"

namespace weir::cli {

std::expected<RunFiles, std::string> RunFiles::open(const Arguments& arguments,
                                                    const sim::Horizon& horizon) {
  for (const std::string* file : {&arguments.trace, &arguments.log}) {
    if (file->empty()) continue;
    if (const auto opened = OutputFile::open(*file); !opened) {
      return std::unexpected(opened.error());
    }
  }
  RunFiles files;
  if (arguments.log.empty()) return files;
  files.logs_ = std::make_unique<sim::RequestLogs>(
      sim::RequestLogOptions{.file = arguments.log,
                             .format = sim::format_of(arguments.log).value(),
                             .share = arguments.log_share},
      horizon);
  return files;
}

std::expected<void, std::string> RunFiles::finish(std::uint32_t replications) const {
  if (!logs_) return {};
  return logs_->finish(replications);
}

}  // namespace weir::cli
