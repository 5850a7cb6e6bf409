#include "weir/sync/semaphore.h"

namespace weir {
namespace {

using Guard = RunLock::Guard;

}  // namespace

Semaphore::Semaphore(std::int64_t permits, std::int64_t most) : most_(most), available_(permits) {
  WEIR_CHECK(permits >= 0, "a semaphore was made with fewer than no permits");
  WEIR_CHECK(permits <= most, "a semaphore was made with more permits than it may ever have");
}

void Semaphore::check_request(std::int64_t permits, std::source_location where) const {
  if (permits <= 0) [[unlikely]] {
    check_failed("permits > 0", "no permits, or fewer, were asked of a semaphore", where);
  }
  if (permits > most_) [[unlikely]] {
    check_failed("permits <= most", "more permits were asked of a semaphore than it ever has",
                 where);
  }
}

// Takes the permits if there are enough and nobody waits before.
bool Semaphore::take_locked(std::int64_t permits) noexcept {
  if (!waiting_.empty() || permits > available_) return false;
  available_ -= permits;
  return true;
}

// Serves those that wait, in order, as far as the permits go.
void Semaphore::serve_locked(WakeList& wakes) noexcept {
  while (WaitNode* node = waiting_.front()) {
    const std::int64_t wanted = static_cast<AcquireCase*>(node->slot)->permits_;
    if (wanted > available_) return;
    node->unlink();
    if (claim(*node, nullptr) != Claim::won) continue;  // Another case of its select was faster.
    available_ -= wanted;
    commit(*node, nullptr, 0, wakes);
  }
}

bool Semaphore::try_acquire(std::int64_t permits, Place where) noexcept {
  check_request(permits, where);
  const Guard guard(lock_);
  return take_locked(permits);
}

void Semaphore::release(std::int64_t permits, Place where) noexcept {
  if (permits <= 0) [[unlikely]] {
    check_failed("permits > 0", "no permits, or fewer, were given back to a semaphore", where);
  }
  WakeList wakes;
  {
    const Guard guard(lock_);
    if (permits > most_ - available_) [[unlikely]] {
      check_failed("permits <= most - available",
                   "more permits were given back to a semaphore than were taken", where);
    }
    available_ += permits;
    serve_locked(wakes);
  }
  wakes.make_ready();
}

std::int64_t Semaphore::available() const noexcept {
  const Guard guard(lock_);
  return available_;
}

AcquireCase::AcquireCase(Semaphore& semaphore, std::int64_t permits, std::source_location where)
    : Case(where), semaphore_(semaphore), permits_(permits) {
  semaphore.check_request(permits, where);
}

bool AcquireCase::poll() noexcept {
  const Guard guard(semaphore_.lock_);
  return semaphore_.take_locked(permits_);
}

Case::Enrolled AcquireCase::enroll(WakeList&) noexcept {
  const Guard guard(semaphore_.lock_);
  if (semaphore_.waiting_.empty() && permits_ <= semaphore_.available_) {
    if (claim_alone(node_.select())) {
      semaphore_.available_ -= permits_;
      commit_alone(node_.select(), node_.index());
    }
    return Enrolled::decided;
  }
  node_.slot = this;
  semaphore_.waiting_.push_back(node_);
  return Enrolled::waiting;
}

// Those behind may fit where this one did not. Outside of a task the run is being taken apart, and
// nobody is to be woken any more.
void AcquireCase::withdraw() noexcept {
  WakeList wakes;
  {
    const Guard guard(semaphore_.lock_);
    if (node_.linked()) node_.unlink();
    if (running.task != nullptr) semaphore_.serve_locked(wakes);
  }
  wakes.make_ready();
}

WaitedFor AcquireCase::describe() const {
  return {.verb = verb(),
          .where = where(),
          .object = &semaphore_,
          .kind = "semaphore",
          .state = "asks for " + std::to_string(permits_) + ", " +
                   std::to_string(semaphore_.available()) + " available"};
}

}  // namespace weir
