// BlockingRegion on threads: how a processor changes its thread.
//
// A processor's word `region` is odd while its task is in a region. Two may end that, and one of
// them does, by the same compare and swap to the next even number: the task, which has its
// processor back then, or the monitor, which then gives the processor to a spare thread. Odd
// numbers are never used twice, so a task cannot take a later region for its own.
//
// In a region the thread has no processor to the rest of the scheduler (running.processor is null):
// what its task makes ready goes to the global queue, as from a foreign thread, because the ring
// may have another owner at any moment.
//
// A task that has lost its processor counts as away, with a place among the spare threads, until it
// has one again. It gets in line for one as a ready task does, but what the next processor resumes
// in its name is hand_over(): the processor goes to the thread that waits, and the thread that ran
// it is spare. So a processor always has exactly one thread, and never more tasks than one run on
// it.
//
// Turned down: going on without a processor until the task's next suspension (more tasks would run
// at a time than there are processors, and two at a time with one processor, whose users may count
// on that), and giving the processor away at once (a futex call for each region that does not
// last).

#include <coroutine>
#include <utility>

#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {
namespace {

// A thread that waits for a processor; lives on its stack.
class ProcessorWait final : public Wait {
 public:
  explicit ProcessorWait(std::source_location where) : Wait(where) {}

  void give(void* processor) noexcept {
    processor_ = processor;
    parker_.unpark();
  }

  void* await() noexcept {
    while (!parker_.park(Duration::max())) {
    }
    return processor_;
  }

  void abandon() noexcept override {}  // No run ends while a thread waits.
  const char* verb() const noexcept override { return "blocking region"; }

 private:
  void* processor_ = nullptr;
  Parker parker_;
};

// A coroutine that is gone when it has run.
struct HandOver {
  struct promise_type {
    HandOver get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };

  std::coroutine_handle<> handle;
};

// Resumed on the thread whose processor is given away.
HandOver hand_over(ProcessorWait& to) {
  to.give(std::exchange(running.processor, nullptr));
  co_return;
}

}  // namespace

RegionTicket ThreadScheduler::enter_region() noexcept {
  Processor& self = own();
  const std::uint64_t number = self.region.load(std::memory_order_relaxed) + 1;
  running.processor = nullptr;
  if (!regions_used_.load(std::memory_order_relaxed)) begin_regions();
  const bool others_wait =
      !self.ready.empty() || self.next.load(std::memory_order_relaxed) != nullptr;
  self.region.store(number, std::memory_order_release);  // with all that the processor holds
  if (others_wait) monitor_.hurry();
  return {&self, number};
}

void ThreadScheduler::begin_regions() noexcept {
  start_monitor();
  regions_used_.store(true, std::memory_order_relaxed);
  monitor_.hurry();  // It may rest for longer than a region is to last.
}

void ThreadScheduler::leave_region(const RegionTicket& ticket) noexcept {
  auto& processor = *static_cast<Processor*>(ticket.processor);
  std::uint64_t number = ticket.number;
  if (processor.region.compare_exchange_strong(number, number + 1, std::memory_order_acq_rel,
                                               std::memory_order_relaxed)) {
    running.processor = &processor;
  } else {
    await_processor();
  }
}

// The task gets in line for a processor, and its thread sleeps until it has one.
void ThreadScheduler::await_processor() noexcept {
  TaskRecord& task = *running.task;
  ProcessorWait wait(running.region_at);
  task.resume_point = hand_over(wait).handle;
  task.wait = &wait;
  push_global(task);
  running.processor = wait.await();
  come_back();
  threads_.give_place_back();
}

// By the monitor: gives the processor, whose task is in the region of that number, to another
// thread. False if the region is over or no place is left.
bool ThreadScheduler::retake(Processor& processor, std::uint64_t region) noexcept {
  if (!threads_.try_take_place()) return false;
  idle_lock_.lock();  // See cut_off().
  const bool goes_on = (halt_.load(std::memory_order_relaxed) & halt_end) == 0;
  away_.fetch_add(1, std::memory_order_seq_cst);
  idle_lock_.unlock();
  if (goes_on &&
      processor.region.compare_exchange_strong(region, region + 1, std::memory_order_acq_rel)) {
    start_thread(processor);
    return true;
  }
  come_back();
  threads_.give_place_back();
  return false;
}

// Something has been pushed to the global queue: processors in a region do not see it.
void ThreadScheduler::hurry_if_blocked() noexcept {
  for (const auto& processor : processors_) {
    if (processor->region.load(std::memory_order_relaxed) % 2 == 1) {
      return monitor_.hurry();
    }
  }
}

}  // namespace weir
