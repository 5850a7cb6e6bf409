// What a log told of its load, before what the policies made of it: the schema weir-replay/1 and
// the paragraph above the tables.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/report/text.h"
#include "weir/sim/comparison.h"
#include "weir/sim/learned_log.h"
#include "weir/sim/scenario.h"

namespace weir::report {

struct ReplayReport {
  sim::LearnedLog log{};
  double scale = 1;                    // so many times as fast as it was
  double work_per_s = 0;               // seconds of work each second of the replay
  std::uint64_t filled = 0;            // requests that had no duration
  std::vector<std::string> remarks{};  // what was chosen for the user, a sentence each
};

// What was learned and chosen, some lines.
std::string log_text(const ReplayReport& replay, const TextOptions& options = {});

// That, and then the report of weir run for one policy, of weir compare for more.
std::string replay_text(const ReplayReport& replay, const sim::Scenario& scenario,
                        const sim::PolicyComparison& comparison, const TextOptions& options = {});

std::string replay_json(const ReplayReport& replay, const sim::PolicyComparison& comparison);

}  // namespace weir::report
