// What is to be simulated, as plain values: who sends requests, who serves them, who chooses, for
// how long, and what is expected of it.
//
// A scenario knows no file, no clock and no policy object; it is copied, compared and handed to
// other threads freely. scenario_file.h reads one from TOML and refuses what makes no sense, so
// whoever holds a Scenario from there may rely on the bounds written below.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/time.h"
#include "weir/pool/token_bucket.h"
#include "weir/sim/arrival.h"
#include "weir/sim/backoff.h"
#include "weir/sim/distribution.h"
#include "weir/sim/fault.h"
#include "weir/sim/hypothesis.h"
#include "weir/sim/key_choice.h"
#include "weir/sim/metric.h"
#include "weir/sim/sweep.h"

namespace weir::sim {

// Replications are added until the half-width of a figure's 95 % interval, as a share of the
// figure, is small enough. Source: Law, Simulation Modeling and Analysis, §9.4.1: with g' = g / (1
// + g), and never fewer than ten, so that the estimate of the spread is no accident.
struct StopRule {
  double relative = 0;  // "2%": 0.02; above 0
  Metric of{};
  std::uint32_t max_replications = 100;  // at least replications_to_judge

  bool operator==(const StopRule&) const = default;
};
inline constexpr std::uint32_t replications_to_judge = 10;

// How long one replication lasts and what part of it counts.
struct Horizon {
  enum class Kind {
    steady,       // the long run: what happens while the system fills is cut off
    terminating,  // from empty to the end; all of it counts
  };
  enum class WarmUp { automatic, none, fixed };

  Kind kind = Kind::steady;
  std::optional<Duration> time{};           // includes the warm-up; exactly one of time and
  std::optional<std::uint64_t> requests{};  // requests is there: how many are sent, of all loads
  WarmUp warmup = WarmUp::automatic;        // MSER-5 finds it; none if the kind is terminating
  Duration warmup_time{};                   // if fixed; shorter than `time`
  std::uint32_t replications = 10;          // at least 1; with a stop rule the least that are run
  std::optional<StopRule> stop{};

  std::uint32_t most_replications() const { return stop ? stop->max_replications : replications; }

  bool operator==(const Horizon&) const = default;
};

// Retries may be this share of the requests, plus a few each second so that a quiet client may
// retry at all. The numbers are Finagle's.
struct RetryBudget {
  double ratio = 0.2;  // at least 0
  double reserve_per_second = 10;

  bool operator==(const RetryBudget&) const = default;
};

struct Retry {
  std::uint32_t max = 0;                      // attempts after the first
  std::optional<Duration> attempt_timeout{};  // each attempt; the load's timeout holds for them all
  Backoff backoff{};
  bool on_timeout = true;                             // of the attempt
  bool on_error = true;                               // the worker failed
  bool on_refused = true;                             // a queue was full
  std::optional<RetryBudget> budget = RetryBudget{};  // empty: retry without end, a storm

  bool operator==(const Retry&) const = default;
};

// A payload that arrives after the head of its request, chunk by chunk; its length is the load's
// size. Bandwidth is drawn for each request, stalls for each chunk of each attempt.
struct Upload {
  // A request holds a slot of the balancer from when it reaches it until its outcome.
  enum class Holds {
    slot,     // it reaches the balancer with its first byte, and a worker with its last
    worker,   // it reaches both with its first byte
    nothing,  // it is gathered in front, and reaches the balancer with its last byte
  };

  Distribution bandwidth{};     // bytes per second, above 0
  std::uint64_t chunk = 65536;  // bytes, at least 1
  double stall_share = 0;       // of the chunks, which come so much later:
  Distribution stall{};
  Holds holds = Holds::slot;

  bool operator==(const Upload&) const = default;
};

// A second attempt, at another worker, when the first takes long; the first answer counts.
struct Hedge {
  std::optional<Duration> after{};   // exactly one of after and quantile is there
  std::optional<double> quantile{};  // of the responses that the balancer has seen lately
  std::uint32_t max = 1;             // attempts besides the first, at least 1

  bool operator==(const Hedge&) const = default;
};

// One stream of requests.
struct Load {
  enum class Model {
    open,    // requests come when they come, as `arrival` says
    closed,  // each client thinks, sends, waits for the reply, thinks
  };
  enum class Demand {
    attempt,  // the service time is drawn for each attempt
    request,  // an attempt repeats the service time of the first
  };

  std::string name{};
  Model model = Model::open;
  ArrivalProcess arrival{};            // open only
  std::uint32_t clients = 0;           // closed only, at least 1
  Distribution think{};                // closed only; none at all by default
  Distribution service{};              // at a worker of speed 1
  std::optional<Distribution> size{};  // bytes, for a service time that has a part by size
  Demand demand = Demand::attempt;
  std::optional<Duration> timeout{};  // total, from the intended time of sending
  bool cancel_on_timeout = true;      // false: nobody waits for the reply, and it is served
  Retry retry{};
  std::optional<Hedge> hedge{};
  std::optional<Upload> upload{};  // only with a size
  std::optional<KeyChoice> key{};  // for policies that keep equal keys together
  std::int32_t priority = 0;       // the greater goes first, where a policy or queue looks at it
  std::string class_name{};  // of loads whose figures are also taken together; empty: in no class

  bool operator==(const Load&) const = default;
};

// A line of waiting requests; those in service do not count.
struct Queue {
  enum class Discipline { fifo, lifo };
  enum class Overflow {
    reject,       // the new one
    drop_oldest,  // the one that has waited longest
    block,        // the caller waits, its deadline running
  };

  std::optional<std::uint32_t> limit{};  // empty: unbounded; 0: nobody waits
  Discipline discipline = Discipline::fifo;
  Overflow overflow = Overflow::reject;

  bool operator==(const Queue&) const = default;
};

// How many attempts the balancer lets in: a token bucket, full at first.
struct Admission {
  enum class Overflow {
    reject,  // a policer
    block,   // a shaper: the caller waits for its token, its deadline running
  };

  pool::RateLimit limit{};
  Overflow overflow = Overflow::reject;

  bool operator==(const Admission&) const = default;
};

struct Balancer {
  std::uint32_t count = 1;     // independent ones, each with a view of its own; at least 1
  std::string policy = "p2c";  // a name with its parameters, such as "p2c(d=3)"
  Queue queue{};               // of the central line, or of each worker
  std::optional<std::uint32_t> slots{};  // attempts at the balancer and its workers, at least 1
  std::optional<Admission> admission{};
  Duration stale{};  // loads reach the policy so often, as they then are; 0: at once

  bool operator==(const Balancer&) const = default;
};

// A group of equal workers.
struct Workers {
  enum class Work {
    wait,  // serving is waiting: a timer
    cpu,   // serving holds a processor
  };
  enum class Serve {
    fifo,  // each of those that are served at full speed, the others wait in line
    ps,    // all at once, sharing the processor
  };

  std::string name{};
  std::uint32_t count = 1;        // at least 1
  std::uint32_t most = 0;         // with those that faults bring for a while, if that is more
  double speed = 1;               // a service time is divided by it; above 0
  std::uint32_t concurrency = 1;  // requests served side by side, at least 1
  Work work = Work::wait;
  double weight = 1;             // for the policies that look at it; above 0
  std::optional<Queue> queue{};  // instead of the balancer's
  double failure = 0;            // probability that serving ends in an error
  Serve serve = Serve::fifo;
  std::uint32_t cores = 1;  // of ps: so many requests run at full speed, more share; at least 1
  // Each worker is up for an uptime, then crashes and is down for a downtime. Both or neither.
  std::optional<Distribution> uptime{};
  std::optional<Distribution> downtime{};

  // Workers that are there at some time. Those from `count` on come when a fault brings them.
  std::uint32_t places() const { return std::max(count, most); }

  // Requests that a worker serves side by side at full speed.
  std::uint32_t servers() const { return serve == Serve::ps ? cores : concurrency; }

  bool operator==(const Workers&) const = default;
};

inline std::string name_of(const Workers& group, std::uint32_t number) {
  return worker_name(group.name, number);
}

// The way between requesters and the balancer. What is lost is noticed by nobody.
struct Network {
  Distribution latency{};  // each way of each attempt
  double loss = 0;         // probability, of each request and of each reply

  bool operator==(const Network&) const = default;
};

// The balancer takes no more requests, and has so long to finish what is there.
struct Shutdown {
  std::optional<Duration> at{};  // empty: at the end of the horizon
  Duration drain = std::chrono::seconds{30};

  bool operator==(const Shutdown&) const = default;
};

// A bound on one figure. At least one of min and max is there.
struct Expect {
  Metric metric{};
  // In the unit of the metric: seconds, a fraction, per second, a number.
  std::optional<double> min{};
  std::optional<double> max{};
  double confidence = 0.95;  // of the interval that has to lie within

  bool operator==(const Expect&) const = default;
};

// What is written to files when the command line does not say; see cli/destination.h.
struct Output {
  std::string dir = ".";              // may hold {name}, {seed} and {policy}
  std::optional<std::string> json{};  // names of files in `dir`; empty: not written
  std::optional<std::string> csv{};
  std::optional<double> log_share{};  // of the requests, above 0 and at most 1; empty: no log

  bool operator==(const Output&) const = default;
};

struct Scenario {
  enum class Mode { in_virtual_time, in_real_time };

  std::string name{};
  Mode mode = Mode::in_virtual_time;  // of weir run and weir compare
  std::uint64_t seed = 1;
  Horizon horizon{};
  std::vector<Load> loads{};  // at least one, names differ
  Balancer balancer{};
  std::vector<Workers> workers{};  // at least one, names differ
  std::vector<Fault> faults{};
  std::optional<Network> network{};
  std::optional<Shutdown> shutdown{};
  std::vector<Expect> expects{};
  std::vector<Hypothesis> hypotheses{};
  std::optional<Sweep> sweep{};
  std::optional<Output> output{};

  bool operator==(const Scenario&) const = default;
};

}  // namespace weir::sim
