#include "weir/sync/mutex.h"

namespace weir {
namespace {

using Guard = RunLock::Guard;

}  // namespace

MutexLock& MutexLock::operator=(MutexLock&& other) noexcept {
  if (this == &other) return *this;
  release();
  take_from(other);
  return *this;
}

void MutexLock::take_from(MutexLock& other) noexcept {
  mutex_ = std::exchange(other.mutex_, nullptr);
  if (mutex_ != nullptr) mutex_->holder_ = this;
}

void MutexLock::release() noexcept {
  if (Mutex* mutex = std::exchange(mutex_, nullptr)) mutex->unlock();
}

bool LockAwaiter::await_ready() noexcept {
  return mutex_.try_lock(lock_) && spend_turn();
}

bool LockAwaiter::await_suspend(std::coroutine_handle<> self) noexcept {
  if (lock_) return give_way(self, *this);
  node_.belong_to(prepare_to_park(self, *this));
  node_.slot = &lock_;
  if (!mutex_.lock_or_enroll(node_)) return true;  // From here on the frame may run elsewhere.
  running.task->wait = nullptr;
  return false;
}

void LockAwaiter::abandon() noexcept {
  mutex_.withdraw(node_);
}

bool LockCase::poll() noexcept {
  return mutex_.try_lock(lock_);
}

Case::Enrolled LockCase::enroll(WakeList&) noexcept {
  node_.slot = &lock_;
  return mutex_.lock_or_enroll(node_) ? Enrolled::decided : Enrolled::waiting;
}

void LockCase::withdraw() noexcept {
  mutex_.withdraw(node_);
}

// At the end of a run, frames that were left go in any order: a lock in one of them is told that
// its mutex is gone.
Mutex::~Mutex() {
  if (!locked_) return;
  WEIR_CHECK(running.task == nullptr,
             "a Mutex was destroyed while it was locked; let it outlive its locks");
  holder_->mutex_ = nullptr;
}

MutexLock Mutex::try_lock() noexcept {
  MutexLock lock;
  try_lock(lock);
  return lock;
}

bool Mutex::try_lock(MutexLock& lock) noexcept {
  const Guard guard(lock_);
  if (locked_) return false;
  give_to(lock);
  return true;
}

// True if nothing is left to wait for: the mutex is the caller's, or its select is decided.
bool Mutex::lock_or_enroll(WaitNode& node) noexcept {
  const Guard guard(lock_);
  if (locked_) {
    waiting_.push_back(node);
    return false;
  }
  if (!claim_alone(node.select())) return true;
  give_to(*static_cast<MutexLock*>(node.slot));
  commit_alone(node.select(), node.index());
  return true;
}

void Mutex::withdraw(WaitNode& node) noexcept {
  const Guard guard(lock_);
  if (node.linked()) node.unlink();
}

// With lock_ held.
void Mutex::give_to(MutexLock& lock) noexcept {
  locked_ = true;
  holder_ = &lock;
  lock.mutex_ = this;
}

// Hands the mutex to the one that has waited longest.
void Mutex::unlock() noexcept {
  WakeList wakes;
  {
    const Guard guard(lock_);
    locked_ = false;
    while (WaitNode* node = waiting_.pop_front()) {
      if (claim(*node, nullptr) != Claim::won) continue;  // Its select was decided otherwise.
      give_to(*static_cast<MutexLock*>(node->slot));
      commit(*node, nullptr, 0, wakes);
      break;
    }
  }
  wakes.make_ready();  // The mutex may be gone from here on.
}

}  // namespace weir
