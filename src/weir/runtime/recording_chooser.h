// Chooses as a strategy says and keeps a record of what came of it.
//
// Every operation is a place where the running task may be interrupted: the strategy is asked after
// each of them. So the record has a line for each operation, whatever the strategy makes of it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/runtime/chooser.h"
#include "weir/runtime/event_log.h"
#include "weir/runtime/strategy.h"

namespace weir {

class RecordingChooser final : public Chooser {
 public:
  struct Limits {
    std::uint64_t steps = 0;  // of one run; take() throws Livelock beyond them
    std::size_t events = 0;   // that are kept
  };

  RecordingChooser(Strategy& strategy, const Limits& limits)
      : strategy_(strategy), limits_(limits), log_(limits.events) {}

  const EventLog& log() const { return log_; }
  std::uint64_t steps() const { return steps_; }

  // Who waits for whom among those that were left at the end, with the objects' numbers in the log;
  // see describe_waits().
  const std::string& waits() const { return waits_; }

  TaskRecord& take(std::vector<TaskRecord*>& ready) override;
  int budget() override { return 0; }
  std::uint64_t choose(std::uint64_t bound) noexcept override {
    return bound < 2 ? 0 : strategy_.pick(bound);
  }
  bool splits_ties() const noexcept override { return true; }
  std::size_t choose_timer(std::size_t due, bool may_wait) noexcept override;

  void time_moves(TimePoint now) noexcept override;
  void starts(const TaskRecord& task) noexcept override;
  void runs(const TaskRecord& task) noexcept override { running_ = &task; }
  void gives_way(const TaskRecord& task, const Wait* operation) noexcept override;
  void ends(const TaskRecord& task) noexcept override;
  void returns() noexcept override;
  void leaves(const std::vector<TaskRecord*>& tasks) override;

 private:
  Strategy& strategy_;
  const Limits limits_;
  EventLog log_;
  std::uint64_t steps_ = 0;
  const TaskRecord* running_ = nullptr;      // until it has said why it returns
  const TaskRecord* interrupted_ = nullptr;  // by the last step
  const TaskRecord* yielded_ = nullptr;      // in the last step
  std::string waits_;
};

}  // namespace weir
