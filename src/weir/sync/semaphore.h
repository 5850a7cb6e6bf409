// Semaphore: permits, by weight, first come first served.
//
// Whoever asks for many permits is not passed by later ones that ask for few. A wait that a context
// ends takes no permit.

#pragma once

#include <cstdint>
#include <source_location>

#include "weir/runtime/run_lock.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/case_awaiter.h"
#include "weir/sync/until_cancelled.h"

namespace weir {

class Semaphore;

// A case of select that takes permits: acquire_from(semaphore, permits).
class AcquireCase final : public Case {
 public:
  AcquireCase(Semaphore& semaphore, std::int64_t permits, std::source_location where);

  // True if the last select took the permits through this case.
  explicit operator bool() const noexcept { return chosen(); }

 private:
  friend class Semaphore;

  const char* verb() const noexcept override { return "acquire"; }
  const void* object() const noexcept override { return &semaphore_; }
  bool poll() noexcept override;
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  WaitedFor describe() const override;

  Semaphore& semaphore_;
  const std::int64_t permits_;
};

// Waits for permits alone.
using AcquireAwaiter = CaseAwaiter<AcquireCase>;

// Waits for permits or the end of a context, which wins if both are there.
using ContextAcquire = UntilCancelled<AcquireCase>;

class Semaphore {
 public:
  // With `permits` to be had at once, and never more than `most`: to ask for more than that can
  // never succeed, and to give back more than was taken is a bug. Requires: 0 <= permits <= most.
  explicit Semaphore(std::int64_t permits) : Semaphore(permits, permits) {}
  Semaphore(std::int64_t permits, std::int64_t most);
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  using Place = std::source_location;

  // Parks until `permits` can be taken. Requires, here and below: 0 < permits <= most.
  AcquireAwaiter acquire(std::int64_t permits = 1, Place where = Place::current()) {
    return AcquireAwaiter(where, *this, permits);
  }

  // The same until `context` is cancelled; true if the permits were taken.
  ContextAcquire acquire(const Context& context, std::int64_t permits = 1,
                         Place where = Place::current()) {
    return ContextAcquire(context, where, *this, permits);
  }

  // Takes permits that are free now, if nobody waits before. Any thread.
  [[nodiscard]] bool try_acquire(std::int64_t permits = 1, Place where = Place::current()) noexcept;

  // Gives permits back and wakes those whose turn it is. Any thread. Requires: there are not more
  // than `most` then.
  void release(std::int64_t permits = 1, Place where = Place::current()) noexcept;

  std::int64_t available() const noexcept;
  std::int64_t most() const noexcept { return most_; }

 private:
  friend class AcquireCase;

  void check_request(std::int64_t permits, std::source_location where) const;

  // With the lock held.
  bool take_locked(std::int64_t permits) noexcept;
  void serve_locked(WakeList& wakes) noexcept;

  const std::int64_t most_;

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
