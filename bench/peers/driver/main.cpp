// Sets weir beside Go and Boost.Fiber: ./dev bench --peers.
//
// The table goes to standard output, or to standard error if the JSON goes there. Exit 0: all
// measured; 1: weir or Go has failed on a shape; 2: bad arguments, or a program is missing; 128 +
// n: ended by signal n.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "bench/peers/driver/arguments.h"
#include "bench/peers/driver/child.h"
#include "bench/peers/driver/measure.h"
#include "weir/cli/output_file.h"

namespace weir::peers {
namespace {

constexpr int bad_input = 2;

int complain(const std::string& text, int code) {
  fmt::print(stderr, "weir: {}\n", text);
  return code;
}

// The program that a row needs and that has not been built; empty if there is none.
std::string missing_program(const std::vector<Row>& rows, const std::filesystem::path& folder) {
  for (const Row& row : rows) {
    for (const std::string& program : {row.ours.program, row.theirs.program}) {
      if (!std::filesystem::exists(folder / (program + "_shapes"))) return program;
    }
  }
  return {};
}

bool is_colourful() {
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

int print(const std::vector<Compared>& compared, const Arguments& arguments,
          const std::optional<cli::OutputFile>& file) {
  if (arguments.json == "-") {
    fmt::print(stderr, "{}", table_text(compared));
    fmt::print("{}", json_text(compared));
    return 0;
  }
  fmt::print("{}", table_text(compared, is_colourful()));
  if (!file) return 0;
  const auto written = file->write(json_text(compared));
  return written ? 0 : complain(written.error(), 1);
}

int compare_as_told(const Arguments& arguments, const std::filesystem::path& folder) {
  const std::vector<Row> rows = rows_of(arguments.selection);
  if (const std::string program = missing_program(rows, folder); !program.empty()) {
    return complain(program +
                        "_shapes has not been built (cmake -DWEIR_PEERS=ON; needs Go and "
                        "Boost.Fiber)",
                    bad_input);
  }
  std::optional<cli::OutputFile> file;
  if (!arguments.json.empty() && arguments.json != "-") {
    auto opened = cli::OutputFile::open(arguments.json);
    if (!opened) return complain(opened.error(), bad_input);
    file = *std::move(opened);
  }
  end_child_on_signals();
  const Measured measured =
      measure(rows, {.folder = folder, .rounds = arguments.rounds, .quick = arguments.quick});
  for (const std::string& fault : measured.faults) complain(fault, 1);
  const std::vector<Compared> compared = compare(rows, measured.samples);
  if (const int number = signal_that_came(); number != 0) {
    fmt::print(stderr, "{}", table_text(compared));
    return 128 + number;
  }
  const int code = print(compared, arguments, file);
  return measured.complete ? code : 1;
}

}  // namespace
}  // namespace weir::peers

int main(int argc, char** argv) {
  using namespace weir::peers;
  const auto arguments = parse_arguments(argc, argv);
  if (!arguments) {
    if (arguments.error().code != 0) return complain(arguments.error().text, bad_input);
    fmt::print("{}", arguments.error().text);
    return 0;
  }
  return compare_as_told(*arguments, std::filesystem::read_symlink("/proc/self/exe").parent_path());
}
