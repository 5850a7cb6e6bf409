// The plainest thing that a task can wait for, so that the runtime is tested without the floors on
// top of it.

#pragma once

#include <coroutine>
#include <mutex>
#include <source_location>

#include "weir/base/intrusive_list.h"
#include "weir/base/spin_lock.h"
#include "weir/runtime/scheduler.h"

namespace weir {

// Closed at first. Once open it stays open and wakes all that wait, in the order in which they
// came.
class Gate {
 public:
  class Awaiter final : public Wait, public ListNode {
   public:
    Awaiter(Gate& gate, std::source_location where) : Wait(where), gate_(gate) {}

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> self) noexcept {
      const std::lock_guard guard(gate_.lock_);
      if (gate_.open_) return false;
      task = running.task;
      task->resume_point = self;
      task->wait = this;
      gate_.waiting_.push_back(*this);
      return true;
    }
    void await_resume() const noexcept {}

    void abandon() noexcept override {
      const std::lock_guard guard(gate_.lock_);
      if (linked()) unlink();
    }
    const char* verb() const noexcept override { return "gate"; }
    const void* object() const noexcept override { return &gate_; }

    TaskRecord* task = nullptr;

   private:
    Gate& gate_;
  };

  Awaiter wait(std::source_location where = std::source_location::current()) {
    return Awaiter(*this, where);
  }

  // Any thread.
  void open() {
    WakeList wakes;
    {
      const std::lock_guard guard(lock_);
      open_ = true;
      while (Awaiter* waiting = waiting_.pop_front()) wakes.push(*waiting->task);
    }
    wakes.make_ready();
  }

 private:
  SpinLock lock_;
  bool open_ = false;
  List<Awaiter> waiting_;
};

}  // namespace weir
