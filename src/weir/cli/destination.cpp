#include "weir/cli/destination.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "weir/sim/output_reader.h"

namespace weir::cli {
namespace {

using Command = Arguments::Command;

bool writes_csv(Command command) {
  return command != Command::plan;
}

// Fills in one option that was not given.
void take_over(std::string& option, const std::string& folder, std::string_view file,
               std::vector<std::string>& files) {
  if (!option.empty()) return;
  option = (std::filesystem::path(folder) / file).lexically_normal().string();
  files.push_back(option);
}

// Two results in one file: the second would replace the first.
std::optional<std::string> file_named_twice(const Arguments& arguments) {
  const std::string* const files[] = {&arguments.json, &arguments.csv, &arguments.log,
                                      &arguments.trace};
  for (const auto* file = std::begin(files); file != std::end(files); ++file) {
    if ((*file)->empty() || **file == "-") continue;
    const auto same = [&](const std::string* other) { return *other == **file; };
    if (std::any_of(file + 1, std::end(files), same)) return **file;
  }
  return std::nullopt;
}

}  // namespace

std::string output_folder(const sim::Scenario& scenario, const std::vector<std::string>& policies) {
  std::string policy = policies.empty() ? scenario.balancer.policy : policies.front();
  for (std::size_t i = 1; i < policies.size(); ++i) policy += '+' + policies[i];
  return sim::folder_of(
      *scenario.output,
      {.name = scenario.name, .seed = std::to_string(scenario.seed), .policy = std::move(policy)});
}

std::expected<Destination, std::string> find_destination(const Arguments& arguments,
                                                         const sim::Scenario& scenario) {
  Destination destination{.arguments = arguments};
  if (!scenario.output || !arguments.out.empty()) return destination;
  const sim::Output& output = *scenario.output;
  const std::string folder = output_folder(scenario, arguments.policies);
  Arguments& filled = destination.arguments;
  if (output.json) take_over(filled.json, folder, *output.json, destination.files);
  if (output.csv && writes_csv(arguments.command)) {
    take_over(filled.csv, folder, *output.csv, destination.files);
  }
  if (output.log_share && arguments.log.empty() && arguments.command == Command::run) {
    filled.log_share = *output.log_share;
    take_over(filled.log, folder, sim::output_file::log, destination.files);
  }
  if (destination.files.empty()) return destination;
  if (const auto twice = file_named_twice(filled)) {
    return std::unexpected("'" + *twice + "' is where [output] writes, and an option too");
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected("cannot make the folder '" + folder + "': " + error.message());
  return destination;
}

void tell_files(const Destination& destination) {
  const std::vector<std::string>& files = destination.files;
  if (files.empty() || destination.arguments.quiet) return;
  std::string text;
  for (std::size_t i = 0; i < files.size(); ++i) {
    text += (i == 0 ? "" : i + 1 < files.size() ? ", " : " and ") + files[i];
  }
  std::fprintf(stderr, "weir: wrote %s\n", text.c_str());
}

}  // namespace weir::cli
