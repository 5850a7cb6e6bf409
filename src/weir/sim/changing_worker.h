// What a worker is that may change while it serves, and what each change does to its jobs.
//
// Owned by the one task that selects on what comes (simulated_worker.h, shared_worker.h) and tells
// it the time. It answers callers itself; what the balancers are to hear it keeps until that task
// asks for it. Not faster code for each fault alone: faults lie over each other.

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <utility>
#include <vector>

#include "weir/rpc/job.h"
#include "weir/sim/fault.h"
#include "weir/sim/machine.h"
#include "weir/sim/replication.h"
#include "weir/sim/simulated_worker.h"

namespace weir::sim {

class ChangingWorker {
 public:
  using Sources = std::vector<rpc::JobSource<Query, Served>>;
  using SimulatedJob = rpc::Job<Query, Served>;

  // `sources`: of its balancers, by number. Requires: all that is given outlives the worker.
  ChangingWorker(const Plan& plan, const Workers& group, std::uint32_t number,
                 const Sources& sources)
      : plan_(plan),
        group_(group),
        comes_(number >= group.count),
        sources_(sources),
        machine_(group.speed,
                 group.serve == Workers::Serve::ps ? std::optional(group.cores) : std::nullopt),
        health_(comes_ ? balance::Health::draining : balance::Health::up),
        concurrency_(group.concurrency) {}

  TimePoint next() const {
    const TimePoint reply = late_.empty() ? time_never : late_.front().at;
    return std::min(machine_.next(), reply);
  }

  void begin(SimulatedJob job);
  void change(const WorkerChange& change);
  void finish_due();
  void end_faults();

  // Ends of which the balancers have not heard.
  const std::vector<SimulatedJob::Ended>& ended() const { return ended_; }
  std::vector<SimulatedJob::Ended> take_ended() { return std::exchange(ended_, {}); }

  // What the balancer is to hear, if it has changed since the last call.
  bool has_news() const { return !ended_.empty() || changed_; }
  std::optional<balance::Health> new_health();
  std::optional<std::uint32_t> new_concurrency();

  void set_time(TimePoint time) { now_ = time; }

  // Attempts that hold a slot of it, and how many may.
  std::size_t held() const { return machine_.size() + hung_.size(); }
  std::uint32_t concurrency() const;
  std::uint32_t servers() const;  // as of its group, with that concurrency
  bool is_down() const { return !on(What::down).empty(); }

  // For how long it has served what it has lost without telling anybody, since the last call.
  Duration take_lost_service() { return std::exchange(lost_service_, Duration::zero()); }

 private:
  using Outcome = std::expected<Served, rpc::Failure>;
  using What = WorkerChange::What;

  struct Slot {
    std::optional<SimulatedJob> job;
    bool in_black_hole = false;
  };
  struct LateReply {
    TimePoint at;
    std::uint64_t ordinal;
    SimulatedJob job;
    Outcome outcome;

    bool operator>(const LateReply& other) const {
      return at != other.at ? at > other.at : ordinal > other.ordinal;
    }
  };

  void go_down(const Fault& fault);
  void come_up(const Fault& fault);
  void warm_up(const Fault& fault);
  void end_badly(SimulatedJob job);
  void finish(std::uint32_t slot);
  Outcome outcome_of(const Slot& slot) const;
  bool loses_reply(const SimulatedJob& job) const;
  Duration delay_of(const SimulatedJob& job) const;
  void send_late_reply();
  void release_hung();
  void set_pace();
  SimulatedJob take(std::uint32_t slot);

  const std::vector<const Fault*>& on(What what) const {
    return on_[static_cast<std::size_t>(what)];
  }

  const Plan& plan_;
  const Workers& group_;
  const bool comes_;  // it is not there unless a fault brings it
  const Sources& sources_;
  TimePoint now_{};
  Machine machine_;
  std::vector<Slot> slots_;  // by the machine's number of the job
  std::vector<std::uint32_t> free_;
  std::vector<const Fault*> on_[static_cast<std::size_t>(What::scale) + 1];
  std::vector<SimulatedJob> hung_;
  std::vector<LateReply> late_;  // a heap, the earliest first
  std::vector<SimulatedJob::Ended> ended_;
  std::uint64_t late_replies_ = 0;
  bool changed_ = false;  // since the last news
  bool silent_ = false;   // while down: nobody hears anything
  Duration lost_service_{};
  std::optional<CancelScope> vanished_;
  // As balancers know them.
  balance::Health health_;
  std::uint32_t concurrency_;
};

// Tells the balancers what they have not heard yet.
Task<> report_news(ChangingWorker& worker, const ChangingWorker::Sources& sources);

}  // namespace weir::sim
