// Mutex: one task at a time, first come first served, for the little that channels do not suit.
//
//   auto held = co_await mutex.lock();
//   …                                       released when `held` goes
//
// A task that waits is parked, so a Mutex may be held across co_await, which a std::mutex may not.
// Who unlocks hands the mutex to the one that has waited longest, and goes on: nobody passes, and a
// task that unlocks and locks again at once goes behind the others. Not recursive: a task that
// locks what it holds waits for itself.
//
// Turned down: letting newcomers pass the line, which makes more of a crowded mutex per second and
// starves some; an unlock() to be called, which is forgotten on the way out of an exception.

#pragma once

#include <coroutine>
#include <source_location>
#include <utility>

#include "weir/runtime/run_lock.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/until_cancelled.h"

namespace weir {

class Mutex;

// The right to be where one task is at a time; releases it at its end. Belongs to one task at a
// time and may be moved to another one, for instance by a channel.
class [[nodiscard]] MutexLock {
 public:
  MutexLock() = default;
  MutexLock(MutexLock&& other) noexcept { take_from(other); }
  MutexLock& operator=(MutexLock&& other) noexcept;
  ~MutexLock() { release(); }

  // False if it holds nothing: what trying gave, or a wait that its context ended.
  explicit operator bool() const noexcept { return mutex_ != nullptr; }

 private:
  friend class Mutex;

  void take_from(MutexLock& other) noexcept;
  void release() noexcept;

  Mutex* mutex_ = nullptr;
};

// Waits for a mutex alone.
class LockAwaiter final : public Wait {
 public:
  LockAwaiter(Mutex& mutex, std::source_location where) : Wait(where), mutex_(mutex) {}

  bool await_ready() noexcept;
  bool await_suspend(std::coroutine_handle<> self) noexcept;
  MutexLock await_resume() noexcept { return std::move(lock_); }

  void abandon() noexcept override;
  const char* verb() const noexcept override { return "lock"; }
  const void* object() const noexcept override { return &mutex_; }
  void describe(std::vector<WaitedFor>& things) const override {
    things.push_back({.verb = verb(), .where = where(), .object = &mutex_, .kind = "mutex"});
  }

 private:
  Mutex& mutex_;
  MutexLock lock_;
  WaitNode node_;
};

// Locks as a case of select; the lock is taken out of the case that was chosen.
class LockCase final : public Case {
 public:
  LockCase(Mutex& mutex, std::source_location where) : Case(where), mutex_(mutex) {}

  // True if the last select locked the mutex through this case.
  explicit operator bool() const noexcept { return static_cast<bool>(lock_); }
  MutexLock take() noexcept { return std::move(lock_); }

 private:
  const char* verb() const noexcept override { return "lock"; }
  const void* object() const noexcept override { return &mutex_; }
  void reset() noexcept override { lock_ = MutexLock(); }
  bool poll() noexcept override;
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  WaitedFor describe() const override {
    return {.verb = verb(), .where = where(), .object = &mutex_, .kind = "mutex"};
  }

  Mutex& mutex_;
  MutexLock lock_;
};

// Waits for a mutex or the end of a context, which wins if both are there.
class ContextLock : public UntilCancelled<LockCase> {
 public:
  using UntilCancelled::UntilCancelled;

  MutexLock await_resume() noexcept {
    happened();
    return case_.take();
  }
};

class Mutex {
 public:
  using Place = std::source_location;

  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // Requires: it is not locked.
  ~Mutex();

  // Parks until it is the caller's turn.
  LockAwaiter lock(Place where = Place::current()) { return LockAwaiter(*this, where); }

  // The same until `context` is cancelled: then the lock is empty.
  ContextLock lock(const Context& context, Place where = Place::current()) {
    return ContextLock(context, where, *this);
  }

  // Empty if the mutex is locked. Any thread.
  [[nodiscard]] MutexLock try_lock() noexcept;

 private:
  friend class LockAwaiter;
  friend class LockCase;
  friend class MutexLock;

  bool try_lock(MutexLock& lock) noexcept;
  bool lock_or_enroll(WaitNode& node) noexcept;
  void withdraw(WaitNode& node) noexcept;
  void give_to(MutexLock& lock) noexcept;
  void unlock() noexcept;

  // Guarded by lock_.
  RunLock lock_;
  bool locked_ = false;
  List<WaitNode> waiting_;  // the slot of an entry is the MutexLock to be filled

  MutexLock* holder_ = nullptr;  // belongs to whoever holds the mutex
};

}  // namespace weir
