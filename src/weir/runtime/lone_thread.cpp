#include "weir/runtime/lone_thread.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>

#include "weir/base/check.h"

namespace weir {
namespace {

bool ask_for_barriers() noexcept {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// A full barrier in every thread of the process that runs now; the others had theirs when they lost
// their core.
void barrier_everywhere() noexcept {
  WEIR_CHECK(
      syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0,
      "the kernel makes no memory barriers any more; if a sandbox forbids membarrier, it has "
      "to do so before the first run");
}

}  // namespace

constinit std::atomic<int> LoneThread::runs_ = 0;
constinit std::atomic<bool> LoneThread::has_barriers_ = false;
constinit SpinLock LoneThread::change_lock_;
constinit std::atomic<const LoneThread::Pass*> LoneThread::title_ = nullptr;
constinit LoneThread::Pass LoneThread::taken_;
constinit thread_local LoneThread::Pass LoneThread::pass_;

void LoneThread::begin_run() noexcept {
  static const bool begun = begin_process();
  static_cast<void>(begun);
  if (runs_.fetch_add(1, std::memory_order_relaxed) > 0) end();
}

bool LoneThread::begin_process() noexcept {
  has_barriers_.store(ask_for_barriers(), std::memory_order_relaxed);
  return pthread_atfork(nullptr, nullptr, begin_child) == 0;
}

// In the child of a fork, before anything else: of the threads that its parent had, one is left.
void LoneThread::begin_child() noexcept {
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
  if (title != nullptr && title != &pass_) {
    title_.store(&taken_, std::memory_order_seq_cst);
    barrier_everywhere();
    for (unsigned round = 0; title->inside.load(std::memory_order_acquire); ++round) {
      spin_backoff(round);
    }
  }
  title_.store(nullptr, std::memory_order_seq_cst);
}

}  // namespace weir
