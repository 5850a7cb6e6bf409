// Semaphore: permits, by weight, first come first served.
//
// Whoever asks for many permits is not passed by later ones that ask for few. A wait that a context
// ends takes no permit.

#pragma once

#include <coroutine>
#include <cstdint>
#include <source_location>

#include "weir/runtime/run_lock.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/context.h"
#include "weir/sync/select.h"

namespace weir {

class Semaphore;

// A case of select that takes permits: acquire_from(semaphore, permits).
class AcquireCase final : public Case {
 public:
  AcquireCase(Semaphore& semaphore, std::int64_t permits, std::source_location where)
      : Case(where), semaphore_(semaphore), permits_(permits) {}

  // True if the last select took the permits through this case.
  explicit operator bool() const noexcept { return chosen(); }

 private:
  friend class Semaphore;

  bool poll() noexcept override;
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  const char* verb() const noexcept override { return "acquire"; }
  WaitedFor describe() const override;

  Semaphore& semaphore_;
  const std::int64_t permits_;
};

// Waits for permits alone.
class AcquireAwaiter {
 public:
  AcquireAwaiter(Semaphore& semaphore, std::int64_t permits, std::source_location where)
      : permits_(semaphore, permits, where), select_({&permits_}, true) {}

  bool await_ready() noexcept { return select_.await_ready(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept { return select_.await_suspend(self); }
  void await_resume() noexcept { select_.await_resume(); }

 private:
  AcquireCase permits_;
  StaticSelect<1> select_;
};

// Waits for permits or the end of a context, which wins if both are there.
class ContextAcquire {
 public:
  ContextAcquire(const Context& context, Semaphore& semaphore, std::int64_t permits,
                 std::source_location where)
      : cancelled_(context, where),
        permits_(semaphore, permits, where),
        select_({&cancelled_, &permits_}, true) {}

  bool await_ready() noexcept { return select_.await_ready(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept { return select_.await_suspend(self); }
  bool await_resume() noexcept { return select_.await_resume() == 1; }

 private:
  DoneCase cancelled_;
  AcquireCase permits_;
  StaticSelect<2> select_;
};

class Semaphore {
 public:
  // Requires: permits >= 0.
  explicit Semaphore(std::int64_t permits);
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  using Place = std::source_location;

  // Parks until `permits` can be taken. Requires: permits > 0. Who asks for more than there are
  // waits for ever, and so does everybody behind.
  AcquireAwaiter acquire(std::int64_t permits = 1, Place where = Place::current()) {
    return AcquireAwaiter(*this, permits, where);
  }

  // The same until `context` is cancelled; true if the permits were taken.
  ContextAcquire acquire(const Context& context, std::int64_t permits = 1,
                         Place where = Place::current()) {
    return ContextAcquire(context, *this, permits, where);
  }

  // Takes permits that are free now, if nobody waits before. Any thread.
  [[nodiscard]] bool try_acquire(std::int64_t permits = 1) noexcept;

  // Gives permits back and wakes those whose turn it is. Any thread.
  void release(std::int64_t permits = 1) noexcept;

  std::int64_t available() const noexcept;

 private:
  friend class AcquireCase;

  // With the lock held.
  bool take_locked(std::int64_t permits) noexcept;
  void serve_locked(WakeList& wakes) noexcept;

  // Guarded by lock_.
  mutable RunLock lock_;
  std::int64_t available_;
  List<WaitNode> waiting_;  // the slot of an entry is its AcquireCase
};

inline AcquireCase acquire_from(Semaphore& semaphore, std::int64_t permits = 1,
                                std::source_location where = std::source_location::current()) {
  return AcquireCase(semaphore, permits, where);
}

}  // namespace weir
