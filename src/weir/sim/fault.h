// What goes wrong with some workers: at a time that is written down, or at random times.
//
// A fault is a change that is undone when it is over. Faults of different kinds may lie over each
// other; their factors multiply. fault_reader.h reads them, docs/laboratory.md says what each kind
// does to a request.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "weir/base/time.h"
#include "weir/sim/distribution.h"

namespace weir::sim {

// A worker that has just come up works `factor` times slower, and recovers evenly over `time`.
struct ColdStart {
  double factor = 1;  // at least 1
  Duration time{};

  bool operator==(const ColdStart&) const = default;
};

struct Fault {
  enum class Kind {
    crash,       // down at once: what is being served there is lost
    restart,     // drained, down for a while, up again; some workers at a time
    drain,       // takes no new requests
    slow,        // works `factor` times slower
    freeze,      // does nothing, then goes on where it was
    hang,        // what it begins is never answered
    black_hole,  // answers at once, with errors
    error,       // some requests end in an error
    lost_reply,  // some replies never arrive
    late_reply,  // some replies arrive later
    cold_start,  // slow all at once, recovering evenly
    scale,       // another concurrency, or fewer workers
    stale,       // policies see loads as they were; of the balancer, not of workers
  };
  enum class Replies {
    refused,  // whoever waits for the worker hears at once that it is down
    lost,     // nobody hears anything
  };

  Kind kind = Kind::crash;
  std::string group{};                    // of workers; empty: all groups
  std::optional<std::uint32_t> number{};  // of the worker in its group; empty: each
  double fraction = 1;                    // of those, drawn at random, rounded up
  // When: from `at` on for `time` (empty: to the end), again and again if there is an `every`. Or,
  // if there is an uptime, each worker for itself: well for an uptime, then not for a downtime.
  Duration at{};
  std::optional<Duration> time{};
  std::optional<Duration> every{};
  std::optional<Distribution> uptime{};
  std::optional<Distribution> downtime{};  // there if and only if uptime is
  // What: each belongs to the kinds that are named.
  double factor = 1;                           // slow, cold_start: above 1
  double share = 1;                            // error, lost_reply, late_reply: of the requests
  Distribution delay{};                        // late_reply
  Duration takes{};                            // black_hole: to answer, at a speed of 1
  Replies replies = Replies::refused;          // crash
  Duration detect{};                           // crash: until the balancer knows
  Duration grace{};                            // restart: for what is there to be served
  std::uint32_t batch = 0;                     // restart: so many at a time; 0: all
  std::optional<ColdStart> cold{};             // crash, restart: afterwards
  std::optional<std::uint32_t> concurrency{};  // scale: one of the two is there
  std::optional<std::uint32_t> count{};        // scale: of each group, the first so many
  Duration age{};                              // stale

  bool operator==(const Fault&) const = default;
};

}  // namespace weir::sim
