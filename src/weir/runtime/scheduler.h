// What runs tasks and tells the time: one interface, two implementations of equal rank.
//
// ThreadScheduler runs tasks on several threads in real time; VirtualScheduler runs them on one
// thread in virtual time, from a seed. Everything above speaks to this interface and cannot tell
// which it has. The price is one virtual call for each scheduling decision, about 2 ns.
//
// How a task is resumed: a thread calls run_slice, which resumes the task's innermost coroutine and
// then whatever coroutine that one named as the next, until none is named: the task has parked or
// ended. No coroutine ever resumes another one itself, so the stack does not grow with the depth or
// number of awaits, whatever the compiler makes of tail calls (g++ makes none without
// optimisation).

#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <memory>
#include <source_location>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/runtime/task_record.h"
#include "weir/runtime/timer_queue.h"

namespace weir {

class DescriptorPoller;
class TaskRegister;
class ThreadJob;
struct DumpOptions;
struct RuntimeStats;

// What a floor above hangs on a run: the run tells it when an exception ends it early.
class RunScope {
 public:
  virtual ~RunScope() = default;
  virtual void stop() noexcept = 0;
};

// What a task in a BlockingRegion may lose meanwhile.
struct RegionTicket {
  void* processor = nullptr;
  std::uint64_t number = 0;
};

class Scheduler {
 public:
  virtual TimePoint now() noexcept = 0;

  // Adds a task that has just been made, at the end of the ready ones. Any thread may call it.
  virtual void start(TaskRecord& task) noexcept = 0;

  // Makes a parked task ready. Its waker is about to park or goes on for long, so it may run at
  // once. Any thread may call it, with no lock held.
  virtual void ready(TaskRecord& task) noexcept = 0;

  // Puts the running task, which has named its resume point, behind all ready ones.
  virtual void yield(TaskRecord& task) noexcept = 0;

  // Arms `timer`: its expire() is called once, at or after its deadline.
  virtual void add_timer(Timer& timer) noexcept = 0;

  // False if the timer has fired; then expire() has been called and has returned. Any thread.
  virtual bool cancel_timer(Timer& timer) noexcept = 0;

  // Keeps the processor of the running task busy for `duration`. True if `end`, whose deadline is
  // when that is over, will expire then and the caller has to return to the scheduler; false if the
  // work has been done already.
  virtual bool hold_processor(Timer& end, Duration duration) noexcept = 0;

  // Runs `job` on a thread where it may block, in its turn; the end of the run waits for it. False
  // if there is no such thread: the caller runs it. See blocking().
  virtual bool offload(ThreadJob&) noexcept { return false; }

  // The call of `task`, which offload() took, has returned; called on the thread that ran it.
  virtual void call_returned(TaskRecord& task) noexcept { ready(task); }

  // Who waits for file descriptors in this run. Stops the program in virtual time, which has none.
  virtual DescriptorPoller& descriptors() noexcept = 0;

  // The running task begins and ends a BlockingRegion.
  virtual RegionTicket enter_region() noexcept { return {}; }
  virtual void leave_region(const RegionTicket&) noexcept {}

  // Key of the run's named random streams; see random_stream in this_task.h. Any thread.
  virtual RandomKey random_key() const noexcept = 0;

  // Uniform in [0, bound): the free choices of select and of scheduling. Only from a running task.
  virtual std::uint64_t choose(std::uint64_t bound) noexcept = 0;

  // Something outside may wake a task until the hold is removed; see ExternalHold. Any thread.
  virtual void add_hold() noexcept = 0;
  virtual void remove_hold() noexcept = 0;

  // The task that runs has reached its end; its frame is still there. A failure that nobody can
  // catch any more stops the run, which throws it again to its caller.
  virtual void ended(TaskRecord& task, const std::exception_ptr& failure) noexcept = 0;

  // All tasks that have not ended.
  virtual TaskRegister& living() noexcept = 0;

  // What it does, in numbers. Any thread in real time, only its own in virtual time.
  virtual RuntimeStats stats() = 0;

  // Writes what every task is doing; see task_dump.h. The same threads.
  virtual void dump(std::ostream& out, const DumpOptions& options) = 0;

  // Whether a task that waits for ever on a channel is to be told of now. Any thread.
  virtual bool reports_orphans() const noexcept = 0;

  // True if no other thread may touch what its tasks share, as in virtual time; see RunLock.
  bool has_one_thread() const noexcept { return has_one_thread_; }

  // The scope of the current run, null if none was set. Any thread.
  RunScope* scope() const noexcept { return scope_.load(std::memory_order_acquire); }

  // Sets the scope unless there is one already, and returns the one that there is then: stopped, if
  // an exception has ended the run before. The scheduler deletes it at the end of the run.
  RunScope* offer_scope(std::unique_ptr<RunScope> scope) noexcept;

 protected:
  explicit Scheduler(bool has_one_thread) : has_one_thread_(has_one_thread) {}
  ~Scheduler() { end_scope(); }
  // An exception ends the run: tells the scope, now or when there is one.
  void stop_scope() noexcept;
  void end_scope() noexcept {
    scope_stopped_.store(false, std::memory_order_relaxed);
    delete scope_.exchange(nullptr, std::memory_order_acq_rel);
  }

 private:
  const bool has_one_thread_;
  std::atomic<RunScope*> scope_ = nullptr;
  std::atomic<bool> scope_stopped_ = false;
};

class TaskPromiseBase;

// What this thread is doing for its scheduler. All null outside of tasks.
struct Running {
  Scheduler* scheduler = nullptr;
  TaskRecord* task = nullptr;
  std::coroutine_handle<> next = nullptr;  // to be resumed when the current coroutine returns
  int budget = 0;                          // operations left before a forced yield
  const TaskPromiseBase* ended = nullptr;  // the task's outermost coroutine, when it is at its end
  void* processor = nullptr;               // the scheduler's own
  const Wait* gives_way_after = nullptr;   // named before a forced yield, for whoever records it
  bool in_region = false;                  // the task is in a BlockingRegion
  std::source_location region_at = {};     // where that stands
};

// Its place is fixed when a thread starts, which saves a call for each use.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local Running running;

// Stops the program if the task that has just been suspended is in a BlockingRegion.
void check_no_region();

// Runs the task until it parks or ends, or has completed `budget` operations in a row. After a park
// the record may belong to another thread already.
void run_slice(TaskRecord& task, int budget) noexcept;

// The running task is about to park in `wait` and will go on at `self`. Before others can find it.
inline TaskRecord& prepare_to_park(std::coroutine_handle<> self, Wait& wait) noexcept {
  TaskRecord& task = *running.task;
  task.resume_point = self;
  task.wait = &wait;
  return task;
}

// Counts an operation that is over without having parked. False if the running task has had its
// share of those in a row: then it has to give way.
inline bool spend_turn() noexcept {
  return running.budget-- > 0;
}

// Puts the running task, which goes on at `self` after `operation`, behind all ready ones. Returns
// what await_suspend then has to: true.
inline bool give_way(std::coroutine_handle<> self, const Wait& operation) noexcept {
  running.task->resume_point = self;
  running.gives_way_after = &operation;
  running.scheduler->yield(*running.task);
  return true;
}

// The end of an await_suspend whose operation turned out to be over.
inline bool yield_if_spent(std::coroutine_handle<> self, const Wait& operation) noexcept {
  return !spend_turn() && give_way(self, operation);
}

}  // namespace weir
