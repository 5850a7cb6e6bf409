#include "bench/peers/driver/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

namespace weir::peers {
namespace {

constexpr int bad_input = 2;

struct Words {
  Arguments arguments{};
  CLI::App app{"Compares weir with Go and Boost.Fiber, shape by shape, side by side.",
               "./dev bench --peers"};
};

void describe(Words& words) {
  CLI::App& app = words.app;
  Arguments& arguments = words.arguments;
  Selection& selection = arguments.selection;
  app.set_help_flag("-h,--help", "say what there is");
  app.add_option("--rounds", arguments.rounds, "times that each is measured; default 7")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_option("--only", selection.ids, "rows, with commas between them")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(CLI::IsMember(row_ids()));
  app.add_option("--procs", selection.processors, "numbers of processors; default 1,2")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  app.add_option("--peers", selection.peers, "go, fiber, or none; default go,fiber")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(CLI::IsMember({"go", "fiber", "none"}));
  app.add_option("--json", arguments.json, "write the rows as JSON; '-': standard output")
      ->type_name("FILE");
  app.add_flag("--quick", arguments.quick, "a fiftieth of the work, to see that all is well");
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

void drop_repeated(std::vector<int>& numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
}

}  // namespace

std::expected<Arguments, Reply> parse_arguments(int argc, const char* const* argv) {
  Words words;
  describe(words);
  try {
    words.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return std::unexpected(Reply{.code = 0, .text = words.app.help()});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Reply{.code = bad_input, .text = one_line(error.what())});
  }
  drop_repeated(words.arguments.selection.processors);
  if (rows_of(words.arguments.selection).empty()) {
    return std::unexpected(Reply{.code = bad_input, .text = "nothing is left to compare"});
  }
  return std::move(words.arguments);
}

}  // namespace weir::peers
