// Calls that the ThreadScheduler has run on other threads, and the thread that waits for
// descriptors.
//
// A call that is away counts in away_ from before it is handed out until its task has been made
// ready: a sleeper that finds the count at zero, and then every queue empty, may end the run. Who
// brings the count to zero looks in its place, since that sleeper may have looked before.

#include <mutex>

#include "weir/runtime/descriptor_poller.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {

bool ThreadScheduler::offload(ThreadJob& job) noexcept {
  check_process();
  away_.fetch_add(1, std::memory_order_seq_cst);
  if (threads_.enqueue(job)) return true;
  come_back();
  return false;
}

void ThreadScheduler::call_returned(TaskRecord& task) noexcept {
  ready(task);
  come_back();
}

void ThreadScheduler::come_back() noexcept {
  if (away_.fetch_sub(1, std::memory_order_seq_cst) == 1 &&
      idle_count_.load(std::memory_order_seq_cst) == processors()) {
    settle();
  }
}

DescriptorPoller& ThreadScheduler::descriptors() noexcept {
  DescriptorPoller* poller = poller_.load(std::memory_order_acquire);
  return poller != nullptr ? *poller : *make_poller();
}

DescriptorPoller* ThreadScheduler::make_poller() noexcept {
  const std::lock_guard guard(poller_lock_);
  DescriptorPoller* poller = poller_.load(std::memory_order_relaxed);
  if (poller == nullptr) {
    poller = new DescriptorPoller(*this, threads_);
    poller_.store(poller, std::memory_order_release);
  }
  return poller;
}

}  // namespace weir
