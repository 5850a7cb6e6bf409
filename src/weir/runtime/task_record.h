// What a scheduler knows of one task: where to resume it, where it was started, what it waits for.
//
// A record is apart from the task's coroutine frame, so that the frame goes as soon as the task
// ends while handles may still ask how it ended. It is counted: one reference is the runtime's
// until the task has ended, one its maker's from the start, one each TaskHandle's.
//
// Exactly one party may touch the running side at a time: the thread that runs the task, or whoever
// has taken it out of the container that it waits in. Handing a task over (a ready queue, the lock
// of a channel) carries the happens-before edge.

#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>
#include <utility>
#include <vector>

#include "weir/base/intrusive_list.h"
#include "weir/base/time.h"
#include "weir/runtime/frame_pool.h"
#include "weir/runtime/lone_lock.h"

namespace weir {

class Scheduler;
class TaskRecord;
struct WaitedFor;

// One operation in which a task is parked. Lives in the task's frame, from before the task can be
// found by others until it runs again.
class Wait {
 public:
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  // Takes the operation out of every container that could still reach it. Called at the end of a
  // run for tasks that are left over, when nothing runs any more and before any frame is destroyed.
  virtual void abandon() noexcept = 0;

  // What is waited for, for people: "receive", "select", "sleep" …
  virtual const char* verb() const noexcept = 0;

  // The thing waited for, to tell one from another; null where it has no identity.
  virtual const void* object() const noexcept { return nullptr; }

  // Adds the things that are waited for, in words; by default verb, place and object. Called for a
  // task that is parked, while no task runs that could change what it waits for.
  virtual void describe(std::vector<WaitedFor>& things) const;

  std::source_location where() const { return where_; }

 protected:
  explicit Wait(std::source_location where) : where_(where) {}
  ~Wait() = default;

 private:
  std::source_location where_;
};

// Tasks that were claimed under a lock and are made ready after it is released, in order.
class WakeList {
 public:
  WakeList() = default;
  WakeList(const WakeList&) = delete;
  WakeList& operator=(const WakeList&) = delete;

  bool empty() const { return head_ == nullptr; }
  void push(TaskRecord& task) noexcept;
  TaskRecord* pop() noexcept;

  // Calls look(task) for each task that is here.
  template <class Look>
  void for_each(Look look) const;

  // Hands every task to its scheduler. Call with no lock held.
  void make_ready() noexcept {
    if (head_ != nullptr) flush();
  }

 private:
  void flush() noexcept;

  TaskRecord* head_ = nullptr;
  TaskRecord* tail_ = nullptr;
};

// A place where the end of one task is awaited; see TaskHandle.
class JoinNode {
 public:
  // Called with the record's lock held, once the task has ended; adds whom to wake to `wakes`.
  virtual void on_end(WakeList& wakes) noexcept = 0;

 protected:
  ~JoinNode() = default;

 private:
  friend class TaskRecord;

  JoinNode* next_ = nullptr;  // in a circle; null while not linked
  JoinNode* previous_ = nullptr;
};

// Whoever is told of the end of a task it has started: a group.
class EndHook {
 public:
  // Called when the task's frame is gone; adds whom to wake to `wakes`. True if it keeps `failure`,
  // which is null if the task ended well; what it does not keep stops the run.
  virtual bool on_task_end(const std::exception_ptr& failure, WakeList& wakes) noexcept = 0;

  // What Wait::object() says of those that wait for the tasks of the group.
  virtual const void* awaited_as() const noexcept = 0;

 protected:
  ~EndHook() = default;
};

// A coroutine of a task awaits another one of it; lives in the frame of the parent. A task that is
// left parked is taken apart from the innermost coroutine outwards along these, so that its depth
// costs no stack.
struct ChildAwait {
  explicit ChildAwait(std::coroutine_handle<>& child) : frame(&child) {}

  std::coroutine_handle<>* frame;  // where the owner of the child keeps it
  ChildAwait* outer = nullptr;
};

class TaskRecord : public ListNode {
 public:
  // `root` is the frame that the record owns from here on. `hook` may be null, else it must outlive
  // the task.
  TaskRecord(Scheduler& scheduler, std::coroutine_handle<> root, std::source_location started_at,
             EndHook* hook = nullptr)
      : resume_point(root),
        scheduler_(&scheduler),
        root_(root),
        started_at_(started_at),
        hook_(hook) {}

  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* record, std::size_t bytes) noexcept {
    free_frame(record, bytes);
  }

  Scheduler& scheduler() const { return *scheduler_; }
  std::source_location started_at() const { return started_at_; }

  void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    // Who holds the only reference needs no locked instruction to give it up.
    if (references_.load(std::memory_order_acquire) == 1 ||
        references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete this;
    }
  }

  // True if no other thread than the calling one can touch what concerns this task.
  bool has_one_thread() const noexcept;

  // True once the task has ended. Any thread may ask.
  bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

  // Adds `node` to those that wait for the end; false, and nothing done, if the task has ended.
  bool add_join(JoinNode& node);
  void remove_join(JoinNode& node);

  // Destroys the frames and claims those that wait for the end.
  void end(WakeList& wakes) noexcept;

  EndHook* hook() const noexcept { return hook_; }

  // The innermost coroutine begins to await a child, and goes on after it. Only while it runs.
  void enter(ChildAwait& await) noexcept { await.outer = std::exchange(innermost_, &await); }
  void leave(ChildAwait& await) noexcept { innermost_ = await.outer; }

  // The running side.
  std::coroutine_handle<> resume_point;  // the innermost coroutine of the task
  Wait* wait = nullptr;                  // null while the task runs or is ready
  TaskRecord* queue_next = nullptr;      // link of the WakeList that it is on
  std::uint64_t id = 0;                  // within the scheduler, from 1; about in order of birth
  TimePoint slice_began{};               // the latest; in real time about, see coarse_time_

 private:
  friend class TaskRegister;

  void unlink_join(JoinNode& node) noexcept;
  ~TaskRecord() = default;

  Scheduler* const scheduler_;
  std::coroutine_handle<> root_;
  ChildAwait* innermost_ = nullptr;
  const std::source_location started_at_;
  EndHook* const hook_;
  JoinNode* first_join_ = nullptr;  // guarded by lock_; a circle in order of arrival
  std::atomic<std::uint32_t> references_ = 2;
  std::atomic<bool> ended_ = false;
  LoneLock lock_;
  bool named_ = false;  // the register of living tasks, which alone uses it, has a name for it
};

inline void WakeList::push(TaskRecord& task) noexcept {
  task.queue_next = nullptr;
  (tail_ == nullptr ? head_ : tail_->queue_next) = &task;
  tail_ = &task;
}

inline TaskRecord* WakeList::pop() noexcept {
  TaskRecord* task = head_;
  if (task == nullptr) return nullptr;
  head_ = task->queue_next;
  if (head_ == nullptr) tail_ = nullptr;
  task->queue_next = nullptr;
  return task;
}

template <class Look>
void WakeList::for_each(Look look) const {
  for (const TaskRecord* task = head_; task != nullptr; task = task->queue_next) look(*task);
}

// Every parked task pays for each byte.
static_assert(sizeof(void*) != 8 || sizeof(TaskRecord) <= 112);

}  // namespace weir
