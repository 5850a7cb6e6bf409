#include "weir/sync/context_core.h"

namespace weir {
namespace {

using Guard = RunLock::Guard;

}  // namespace

ContextCore::ContextCore(ContextCore* parent)
    : ContextCore(parent, time_never, parent == nullptr ? time_never : parent->deadline()) {}

ContextCore::ContextCore(ContextCore* parent, TimePoint own_deadline, TimePoint deadline)
    : Timer(own_deadline), parent_(parent), deadline_(deadline) {
  expires_unlocked = true;
  if (parent_ != nullptr) parent_->add_reference();
}

void* ContextCore::operator new(std::size_t bytes) {
  return allocate_frame(bytes);
}

void ContextCore::operator delete(void* core, std::size_t bytes) noexcept {
  free_frame(core, bytes);
}

ContextCore* ContextCore::make(ContextCore* parent) {
  auto* core = new ContextCore(parent);
  core->attach();
  return core;
}

ContextCore* ContextCore::make_apart(ContextCore& parent) {
  return new ContextCore(&parent, time_never, time_never);
}

ContextCore* ContextCore::make(ContextCore* parent, TimePoint deadline, const Cause& cause,
                               Scheduler& scheduler) {
  const bool parent_is_first = parent != nullptr && parent->deadline() <= deadline;
  auto* core = new ContextCore(parent, deadline, parent_is_first ? parent->deadline() : deadline);
  core->set_cause(cause);
  if (!parent_is_first && deadline <= scheduler.now()) {
    core->attach();
    core->cancel(cause);
    return core;
  }
  if (!parent_is_first && deadline != time_never) {
    core->scheduler_.store(&scheduler, std::memory_order_relaxed);
    core->add_reference();  // The timer's own, so that it may fire when all users are gone.
    scheduler.add_timer(*core);
  }
  core->attach();
  return core;
}

void ContextCore::attach() {
  if (parent_ == nullptr) return;
  {
    const Guard guard(parent_->lock_);
    if (!parent_->cancelled()) {
      parent_->children_.push_back(*this);
      return;
    }
  }
  cancel(parent_->cause());
}

bool ContextCore::try_add_reference() noexcept {
  std::uint32_t count = references_.load(std::memory_order_relaxed);
  while (count > 0) {
    if (references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void ContextCore::release_slowly() noexcept {
  // A loop, since the last child that goes may take a long line of parents with it.
  for (ContextCore* core = this; core != nullptr;) core = core->drop_reference();
}

// Gives a reference back; if it was the last one, destroys the node and returns its parent, whose
// reference the caller now has to give back.
ContextCore* ContextCore::drop_reference() noexcept {
  const bool alone = lock_.is_home();
  std::uint32_t count = references_.load(std::memory_order_acquire);
  do {
    // The caller's and perhaps the timer's are left: take the timer back while ours keeps us alive.
    if (count == 2 && disarm()) count = 1;
    if (alone) references_.store(count - 1, std::memory_order_relaxed);
  } while (!alone && !references_.compare_exchange_weak(count, count - 1, std::memory_order_acq_rel,
                                                        std::memory_order_acquire));
  if (count > 1) return nullptr;
  ContextCore* parent = parent_;
  if (parent != nullptr) {
    const Guard guard(parent->lock_);
    if (linked()) unlink();
  }
  delete this;
  return parent;
}

// Takes the timer back, and its reference with it; false if there is none or it fires. Requires:
// the caller counts one reference of its own.
bool ContextCore::disarm() noexcept {
  Scheduler* scheduler = scheduler_.load(std::memory_order_acquire);
  if (scheduler == nullptr || !scheduler->cancel_timer(*this)) return false;
  scheduler_.store(nullptr, std::memory_order_release);
  lock_.add_to(references_, ~0u, std::memory_order_acq_rel);
  return true;
}

// A context may outlive its scheduler, so it forgets it as soon as no timer is armed.
void ContextCore::drop() noexcept {
  scheduler_.store(nullptr, std::memory_order_release);
  release();
}

void ContextCore::expire(WakeList&) noexcept {
  scheduler_.store(nullptr, std::memory_order_release);
  Cause cause;
  {
    const Guard guard(lock_);
    cause = cause_;
  }
  cancel(cause);
  release();
}

Cause ContextCore::cause() {
  const Guard guard(lock_);
  return cancelled() ? cause_ : Cause();
}

Reason ContextCore::reason() {
  const Guard guard(lock_);
  return cancelled() ? cause_.reason : Reason::none;
}

// Most causes have no text, and then no string is touched.
void ContextCore::set_cause(const Cause& cause) {
  cause_.reason = cause.reason;
  if (!cause.text.empty() || !cause_.text.empty()) cause_.text = cause.text;
}

const void* ContextCore::own_value(const void*) const noexcept {
  return nullptr;
}

const void* ContextCore::find(const void* key) const noexcept {
  for (const ContextCore* core = this; core != nullptr; core = core->parent_) {
    if (const void* value = core->own_value(key)) return value;
  }
  return nullptr;
}

void ContextCore::cancel(const Cause& cause) {
  List<ContextCore> below;
  WakeList wakes;
  cancel_one(cause, below, wakes);
  while (ContextCore* child = below.pop_front()) {
    child->cancel_one(cause, below, wakes);
    child->release();
  }
  wakes.make_ready();
}

// Cancels this node alone; its children move to `below`, counted.
void ContextCore::cancel_one(const Cause& cause, List<ContextCore>& below, WakeList& wakes) {
  {
    const Guard guard(lock_);
    if (cancelled()) return;
    set_cause(cause);
    cancelled_.store(true, std::memory_order_release);
    while (WaitNode* node = waiters_.pop_front()) {
      if (claim(*node, nullptr) == Claim::won) commit(*node, nullptr, 0, wakes);
    }
    while (ContextCore* child = children_.pop_front()) {
      if (child->try_add_reference()) below.push_back(*child);
    }
  }
  disarm();
  on_cancelled();
}

bool ContextCore::enroll(WaitNode& node) noexcept {
  const Guard guard(lock_);
  if (cancelled()) return false;
  waiters_.push_back(node);
  return true;
}

void ContextCore::withdraw(WaitNode& node) noexcept {
  const Guard guard(lock_);
  if (node.linked()) node.unlink();
}

}  // namespace weir
