// A log in the place of a load: its requests come when they came, and each brings with it the
// demand and the bytes that it had.
//
// Times, demands and sizes are three arrays shared by all copies of the scenario, 8 bytes a request
// each, and request number i has the i-th of them. So arrivals and demands stay paired as they were
// (bursts of long requests, an hour of uploads), and every policy and replication meets the same
// ones. The road not taken is to fit distributions: what they forget is what a replay is for.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "weir/sim/log_reader.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

struct ReplayedLog {
  ArrivalProcess arrival{};
  std::optional<Distribution> service{};  // empty: the log has no durations
  std::optional<Distribution> size{};     // empty: the log has no bytes
  std::uint64_t requests = 0;
  std::uint64_t filled = 0;  // that had no duration and were given another's
};

// `scale`: so many times as fast as it was. `name` is for texts. Requests without a duration, in a
// log with durations, take that of another one, drawn; one without bytes has none.
ReplayedLog make_replay(ReadLog log, double scale, const std::string& name);

// The log replaces arrivals, service and size of the first load, as far as it has them, and the
// horizon: all requests of the log, to the last reply. With other loads beside, the horizon is the
// time of the log, and then 30 s, or what [shutdown] says, to finish what is there. `span`: of the
// replay.
void put_in(Scenario& scenario, const ReplayedLog& log, Duration span);

// So many workers as are busy 70 % of the time with so much work each second; at least one.
std::uint32_t enough_workers(double offered);

}  // namespace weir::sim
