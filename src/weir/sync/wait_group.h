// WaitGroup: waits until a number of things are done.
//
//   WaitGroup all;
//   all.go(serve(…));          counts one, and counts it off when the task has ended
//   co_await all.wait();
//
// It may be destroyed as soon as a wait has returned: nothing touches it after that. Copies of a
// count make no sense, so tasks get it by std::ref. An exception that leaves a task of the group
// stops the run; TaskGroup keeps it instead.

#pragma once

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <source_location>

#include "weir/runtime/go.h"
#include "weir/runtime/run_lock.h"
#include "weir/sync/claim.h"

namespace weir {

// A task that waits for a count to reach zero.
class CountWait final : public Wait, public WaitNode {
 public:
  CountWait(class WaitGroup& group, std::source_location where) : Wait(where), group_(group) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> self) noexcept;
  void await_resume() const noexcept {}

  void abandon() noexcept override;
  const char* verb() const noexcept override { return "wait"; }
  const void* object() const noexcept override { return &group_; }
  void describe(std::vector<WaitedFor>& things) const override;

 private:
  WaitGroup& group_;
};

class WaitGroup final : public StartsTasks<WaitGroup>, private EndHook {
 public:
  WaitGroup() = default;
  WaitGroup(const WaitGroup&) = delete;
  WaitGroup& operator=(const WaitGroup&) = delete;

  // Counts up. Any thread. Requires: the count is not zero while somebody waits for it.
  void add(std::size_t count = 1) noexcept;

  // Counts down by one; at zero, wakes those that wait. Any thread. Requires: the count is not
  // zero.
  void done() noexcept;

  // Parks until the count is zero.
  CountWait wait(std::source_location where = std::source_location::current()) {
    return CountWait(*this, where);
  }

  TaskHandle start(std::coroutine_handle<> root, std::source_location where);

 private:
  friend class CountWait;

  bool on_task_end(const std::exception_ptr& failure, WakeList& wakes) noexcept override;
  const void* awaited_as() const noexcept override { return this; }
  void count_down(WakeList& wakes) noexcept;
  bool enroll(CountWait& wait) noexcept;

  // Twice the count, plus one while tasks wait. Who brings the count to zero and finds the one has
  // to wake them; else its subtraction is the last touch of the group.
  std::atomic<std::size_t> word_ = 0;

  RunLock lock_;
  List<WaitNode> waiting_;  // guarded by lock_; not empty while word_ is odd
};

}  // namespace weir
