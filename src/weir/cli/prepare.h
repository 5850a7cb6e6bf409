// From arguments to experiments that are ready to run: everything that can be wrong with the input
// is found here, before anything starts.

#pragma once

#include <expected>
#include <string>
#include <vector>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/sim/experiment.h"
#include "weir/sim/scenario.h"
#include "weir/sim/scenario_base.h"

namespace weir::cli {

// The text of a scenario and those that it extends, read once, so that all points of a sweep are of
// the same.
struct ScenarioSource {
  std::string name{};  // for messages, and for what the text refers to
  std::string toml{};
  std::vector<sim::ScenarioText> bases{};  // the nearest first
};

// A word that is the name of a shipped scenario is that scenario; "./pike" is the file. The error
// is one line.
std::expected<ScenarioSource, std::string> find_source(const std::string& word);

// The scenario with all that the arguments change in it but the policy, and then `assignments`,
// each "key=value".
std::expected<sim::Scenario, std::string> read_source(
    const ScenarioSource& source, const Arguments& arguments, const balance::Catalog& catalog,
    const std::vector<std::string>& assignments = {});

// Both in one.
std::expected<sim::Scenario, std::string> load_scenario(const Arguments& arguments,
                                                        const balance::Catalog& catalog);

// The scenario under its own policy.
std::expected<sim::Experiment, std::string> make_experiment(sim::Scenario scenario,
                                                            const balance::Catalog& catalog);

// Whether they ask for real time; the arguments have the last word.
bool runs_for_real(const Arguments& arguments, const sim::Scenario& scenario);

// In real time one replication, unless somebody has said how many. Refuses what makes no sense
// there; the error is one line.
std::expected<void, std::string> fit_to_real_time(const Arguments& arguments,
                                                  sim::Scenario& scenario);

// The scenario under each of those policies, or under its own if there are none.
std::expected<std::vector<sim::Experiment>, std::string> make_experiments(
    const sim::Scenario& scenario, std::vector<std::string> policies,
    const balance::Catalog& catalog);

// One experiment for each policy of the arguments, or one under the scenario's own policy. In real
// time with one replication each, unless somebody has said how many.
std::expected<std::vector<sim::Experiment>, std::string> prepare_experiments(
    const Arguments& arguments, const balance::Catalog& catalog);

}  // namespace weir::cli
