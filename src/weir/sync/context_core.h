// The node of the tree behind a Context.
//
// A child counts one reference on its parent; the parent links its children without counting them.
// Who cancels marks the node and takes its waiters and children under the node's lock, then goes on
// with the children: never two locks at once. A child that dies meanwhile is told apart by its
// count, which never rises again from zero. An armed timer counts one reference too; when only that
// one is left, the last user takes the timer back, and with it the reference.

#pragma once

#include <atomic>
#include <cstdint>

#include "weir/runtime/frame_pool.h"
#include "weir/runtime/run_lock.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/context.h"

namespace weir {

class ContextCore : public ListNode, private Timer {
 public:
  // All count one reference for the caller. `parent` may be null.
  static ContextCore* make(ContextCore* parent);
  static ContextCore* make(ContextCore* parent, TimePoint deadline, const Cause& cause,
                           Scheduler& scheduler);

  // A node that sees the values of `parent` and nothing else of it.
  static ContextCore* make_apart(ContextCore& parent);

  static void* operator new(std::size_t bytes);
  static void operator delete(void* core, std::size_t bytes) noexcept;

  void add_reference() noexcept { lock_.add_to(references_, 1u, std::memory_order_relaxed); }
  void release() noexcept {
    if (!release_of_many()) release_slowly();
  }

  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }
  TimePoint deadline() const noexcept { return deadline_; }
  Cause cause();
  Reason reason();

  // What the nearest node from here up has for `key`; null if none has.
  const void* find(const void* key) const noexcept;

  // Cancels this node and all below it.
  void cancel(const Cause& cause);

  // Links `node` to the waiters; false, and nothing done, if the context is cancelled.
  bool enroll(WaitNode& node) noexcept;
  void withdraw(WaitNode& node) noexcept;

 protected:
  // Without a deadline of its own. Once made, the node has to be attached.
  explicit ContextCore(ContextCore* parent);
  virtual ~ContextCore() = default;

  // Links a new node below its parent, or cancels it if the parent is cancelled already.
  void attach();

 private:
  ContextCore(ContextCore* parent, TimePoint own_deadline, TimePoint deadline);

  // The value that the node itself has for `key`, null if none.
  virtual const void* own_value(const void* key) const noexcept;

  // The node has been cancelled. Called once at most, with no lock held.
  virtual void on_cancelled() noexcept {}

  // Gives a reference back of which there are so many that nothing follows; false, and nothing
  // done, if that is not known for certain.
  bool release_of_many() noexcept {
    const std::uint32_t count = references_.load(std::memory_order_relaxed);
    if (count <= 2 || !lock_.is_home()) return false;
    references_.store(count - 1, std::memory_order_relaxed);
    return true;
  }
  void release_slowly() noexcept;
  bool try_add_reference() noexcept;
  void set_cause(const Cause& cause);
  void cancel_one(const Cause& cause, List<ContextCore>& below, WakeList& wakes);
  bool disarm() noexcept;
  ContextCore* drop_reference() noexcept;
  void expire(WakeList& wakes) noexcept override;
  void drop() noexcept override;

  ContextCore* const parent_;
  const TimePoint deadline_;
  std::atomic<Scheduler*> scheduler_ = nullptr;  // of the timer; null when none is armed

  std::atomic<std::uint32_t> references_ = 1;
  std::atomic<bool> cancelled_ = false;  // written under lock_, read anywhere

  // Guarded by lock_.
  RunLock lock_;
  Cause cause_;  // until the node is cancelled, the cause that its deadline would be
  List<WaitNode> waiters_;
  List<ContextCore> children_;
};

}  // namespace weir
