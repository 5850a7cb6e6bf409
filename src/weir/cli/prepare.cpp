#include "weir/cli/prepare.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/cli/input_file.h"
#include "weir/cli/shipped_scenario.h"
#include "weir/sim/scenario_file.h"

namespace weir::cli {
namespace {

// A word that is neither a shipped scenario nor a file.
std::string unknown_scenario(const std::string& word) {
  const auto names = shipped_names();
  const std::string text = "there is no scenario '" + word + "', as a file or shipped";
  if (const auto nearest = nearest_word(word, names)) {
    return text + "; did you mean '" + std::string(*nearest) + "'?";
  }
  return text + "; 'weir list' names those that are shipped";
}

std::optional<sim::ScenarioText> shipped_text(std::string_view name) {
  const ShippedScenario* shipped = find_shipped(name);
  if (shipped == nullptr) return std::nullopt;
  return sim::ScenarioText{.name = std::string(name) + ".toml", .toml = std::string(shipped->toml)};
}

std::expected<ScenarioSource, std::string> with_bases(const sim::ScenarioText& text) {
  auto bases = sim::find_bases(text, shipped_text);
  if (!bases) return std::unexpected(bases.error().text());
  return ScenarioSource{.name = text.name, .toml = text.toml, .bases = *std::move(bases)};
}

// Whether somebody has said how often to run in real time: the command line, or a scenario that is
// meant for it.
bool has_real_replications(const Arguments& arguments, const sim::Scenario& scenario) {
  return arguments.replications || scenario.mode == sim::Scenario::Mode::in_real_time ||
         std::ranges::any_of(arguments.overrides, [](const std::string& assignment) {
           return assignment.starts_with("horizon.replications") ||
                  assignment.starts_with("horizon.stop");
         });
}

void run_once(sim::Horizon& horizon) {
  horizon.replications = 1;
  horizon.stop.reset();
}

}  // namespace

std::expected<ScenarioSource, std::string> find_source(const std::string& word) {
  if (const auto shipped = shipped_text(word)) return with_bases(*shipped);
  auto file = read_input_file(word);
  if (file) return with_bases({.name = word, .toml = *std::move(file)});
  if (file.error() == missing_file) return std::unexpected(unknown_scenario(word));
  return std::unexpected("cannot read '" + word + "': " + file.error());
}

std::expected<sim::Scenario, std::string> read_source(const ScenarioSource& source,
                                                      const Arguments& arguments,
                                                      const balance::Catalog& catalog,
                                                      const std::vector<std::string>& assignments) {
  sim::ReadOptions options;
  options.check_policy = [&catalog](std::string_view policy) -> std::optional<std::string> {
    const auto made = catalog.make(policy);
    if (!made) return made.error();
    return std::nullopt;
  };
  options.bases = source.bases;
  std::vector<std::string> overrides = arguments.overrides;
  if (arguments.replications) {
    overrides.push_back("horizon.replications=" + std::to_string(*arguments.replications));
  }
  overrides.insert(overrides.end(), assignments.begin(), assignments.end());
  auto scenario = sim::read_scenario(source.toml, source.name, overrides, options);
  if (!scenario) return std::unexpected(scenario.error().text());
  scenario->seed = arguments.seed.value_or(scenario->seed);
  return *std::move(scenario);
}

std::expected<sim::Scenario, std::string> load_scenario(const Arguments& arguments,
                                                        const balance::Catalog& catalog) {
  const auto source = find_source(arguments.scenario);
  if (!source) return std::unexpected(source.error());
  return read_source(*source, arguments, catalog);
}

std::expected<sim::Experiment, std::string> make_experiment(sim::Scenario scenario,
                                                            const balance::Catalog& catalog) {
  auto made = catalog.make(scenario.balancer.policy);
  if (!made) return std::unexpected(made.error());
  return sim::Experiment{.scenario = std::move(scenario), .policy = *std::move(made)};
}

bool runs_for_real(const Arguments& arguments, const sim::Scenario& scenario) {
  if (arguments.virtual_time) return false;
  return arguments.real || scenario.mode == sim::Scenario::Mode::in_real_time;
}

std::expected<void, std::string> fit_to_real_time(const Arguments& arguments,
                                                  sim::Scenario& scenario) {
  const bool real = runs_for_real(arguments, scenario);
  if (real && arguments.jobs > 0) {
    return std::unexpected("--jobs means nothing in real time, which '" + scenario.name +
                           "' asks for: one replication at a time");
  }
  if ((real || !arguments.modes.empty()) && !has_real_replications(arguments, scenario)) {
    run_once(scenario.horizon);
  }
  return {};
}

std::expected<std::vector<sim::Experiment>, std::string> make_experiments(
    const sim::Scenario& scenario, std::vector<std::string> policies,
    const balance::Catalog& catalog) {
  if (policies.empty()) policies.push_back(scenario.balancer.policy);
  std::vector<sim::Experiment> experiments;
  for (const std::string& policy : policies) {
    sim::Scenario one = scenario;
    one.balancer.policy = policy;
    auto experiment = make_experiment(std::move(one), catalog);
    if (!experiment) return std::unexpected(experiment.error());
    experiments.push_back(*std::move(experiment));
  }
  return experiments;
}

std::expected<std::vector<sim::Experiment>, std::string> prepare_experiments(
    const Arguments& arguments, const balance::Catalog& catalog) {
  auto scenario = load_scenario(arguments, catalog);
  if (!scenario) return std::unexpected(scenario.error());
  if (const auto fits = fit_to_real_time(arguments, *scenario); !fits) {
    return std::unexpected(fits.error());
  }
  return make_experiments(*scenario, arguments.policies, catalog);
}

}  // namespace weir::cli
