// What a plan came to, for people and as the schema weir-plan/1.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/plan.h"

namespace weir::report {

// A group of workers, for what the answer costs.
struct PlannedWorkers {
  std::string name{};
  bool computes = false;  // work = "cpu": its slots take cores
  double slots = 0;       // at the answer
  double busy = 0;        // of them, from 0 to 1, on average
};

struct PlanReport {
  std::string scenario{};
  std::string policy{};
  sim::Objective objective{};
  std::string key{};   // what is varied
  std::string unit{};  // "/s" for a rate
  bool fewest = true;
  std::uint32_t down = 0;
  std::vector<PlannedWorkers> workers{};  // empty without an answer
  sim::PlanResult result{};
};

// The answer, the probes in a table, what the next value would do, and where the work is done.
std::string plan_text(const PlanReport& plan, bool colour);

// { "schema": "weir-plan/1", "scenario", "policy", "slo", "vary", "down", "complete", "met",
// "answer", "knee", "workers": [ { "name", "work", "slots", "utilisation" } ],
// "probes": [ { "value", "figure", "ci95", "utilisation", "valid", "meets" } ] }
// What is not known is null: the answer of a plan that was interrupted, a knee that was not found.
std::string plan_json(const PlanReport& plan);

}  // namespace weir::report
