#include "weir/runtime/lone_thread.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>

#include "weir/runtime/process_number.h"

namespace weir {
namespace {

bool ask_for_barriers() noexcept {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// A full barrier in every thread of the process that runs now; the others had theirs when they lost
// their core.
void barrier_everywhere() noexcept {
  syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

}  // namespace

constinit std::atomic<int> LoneThread::runs_ = 0;
constinit std::atomic<unsigned> LoneThread::process_ = 0;
constinit std::atomic<bool> LoneThread::has_barriers_ = false;
constinit SpinLock LoneThread::change_lock_;
constinit std::atomic<const LoneThread::Pass*> LoneThread::title_ = nullptr;
constinit thread_local LoneThread::Pass LoneThread::pass_;

void LoneThread::begin_run() noexcept {
  const unsigned process = process_number() + 1;
  if (process_.exchange(process, std::memory_order_relaxed) != process) begin_process();
  if (runs_.fetch_add(1, std::memory_order_relaxed) > 0) end();
}

// In the child of a fork, too: of the threads that its parent had, one is left.
void LoneThread::begin_process() noexcept {
  has_barriers_.store(ask_for_barriers(), std::memory_order_relaxed);
  change_lock_.unlock();
  title_.store(nullptr, std::memory_order_relaxed);
  runs_.store(0, std::memory_order_relaxed);
}

void LoneThread::end_run() noexcept {
  runs_.fetch_sub(1, std::memory_order_relaxed);
}

void LoneThread::enter() noexcept {
  if (title_.load(std::memory_order_relaxed) != nullptr) return;
  if (!has_barriers_.load(std::memory_order_relaxed)) return;
  if (runs_.load(std::memory_order_relaxed) != 1 || !change_lock_.try_lock()) return;
  if (title_.load(std::memory_order_relaxed) == nullptr) {
    title_.store(&pass_, std::memory_order_seq_cst);
  }
  change_lock_.unlock();
}

void LoneThread::leave() noexcept {
  const std::lock_guard guard(change_lock_);
  if (here()) title_.store(nullptr, std::memory_order_release);
}

void LoneThread::end() noexcept {
  const std::lock_guard guard(change_lock_);
  const Pass* title = title_.load(std::memory_order_relaxed);
  if (title == nullptr) return;
  title_.store(nullptr, std::memory_order_seq_cst);
  if (title == &pass_) return;
  barrier_everywhere();
  for (unsigned round = 0; title->inside.load(std::memory_order_acquire); ++round) {
    spin_backoff(round);
  }
}

}  // namespace weir
