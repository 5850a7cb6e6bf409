// Experiments for tests, from the text of a scenario: what a user would write is what is tested.

#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "weir/balance/catalog.h"
#include "weir/sim/experiment.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {

// Throws what is wrong with the scenario or its policy.
inline Experiment make_experiment(const std::string& toml,
                                  const std::vector<std::string>& overrides = {}) {
  auto scenario = read_scenario(toml, "test.toml", overrides);
  if (!scenario) throw std::invalid_argument(scenario.error().text());
  auto policy = balance::Catalog::standard().make(scenario->balancer.policy);
  if (!policy) throw std::invalid_argument(policy.error());
  return {.scenario = *std::move(scenario), .policy = *std::move(policy)};
}

}  // namespace weir::sim
