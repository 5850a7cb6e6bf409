// Context: when to stop, passed down from task to task; a tree in which cancelling reaches all
// below.
//
// A context is cancelled by its own Cancel, by its deadline, or by its parent. Cancellation is a
// value to be looked at or waited for, never an exception, and it happens once: the first cause
// stays. A context also carries values down the tree (context_value.h), and a task can be made to
// start when it is cancelled (after_func.h).
//
// Rules of use: a context is the first parameter of what can wait for long. Who makes one keeps its
// Cancel and calls it when the work is done, so that the parent forgets the child and the timer is
// disarmed; dropping all copies of the context does both as well.
//
// Context is a counted handle; all its functions may be called by any thread. Cost of a child: one
// allocation, one lock of the parent at birth and at death, and a timer if it has a deadline.

#pragma once

#include <optional>
#include <source_location>
#include <string>
#include <utility>

#include "weir/base/time.h"
#include "weir/sync/case.h"

namespace weir {

// Why a context was cancelled.
enum class Reason {
  none,       // it was not
  cancelled,  // somebody called its Cancel
  deadline,   // its time came
  failed,     // a task of its group, or of the whole run, ended with an exception
  signal,     // the process was told to stop
};

const char* to_string(Reason reason);

struct Cause {
  Cause() = default;
  explicit Cause(Reason why, std::string details = {}) : reason(why), text(std::move(details)) {}

  Reason reason = Reason::none;
  std::string text;  // for people; may be empty
};

class ContextCore;
template <class T>
class ContextKey;

class Context {
 public:
  // A context that is never cancelled.
  Context() = default;
  explicit Context(ContextCore* adopted) noexcept : core_(adopted) {}
  Context(const Context& other) noexcept;
  Context(Context&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  Context& operator=(Context other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~Context();

  // Cost: one load.
  bool cancelled() const noexcept;

  // Whether it may ever be cancelled; if not, nobody has to wait for that.
  bool can_end() const noexcept { return core_ != nullptr; }

  // Reason::none while the context is not cancelled.
  Cause cause() const;
  Reason reason() const;  // of the cause, without its text

  // The earliest deadline of the context and those above it, time_never if there is none.
  TimePoint deadline() const noexcept;

  // The value of the nearest context, from this one up, that was made with this key; null if there
  // is none. It lives as long as this context. Cost: a step for each context on the way up.
  template <class T>
  const T* value(const ContextKey<T>& key) const noexcept {
    return static_cast<const T*>(find(&key));
  }

  ContextCore* core() const noexcept { return core_; }

 private:
  const void* find(const void* key) const noexcept;

  ContextCore* core_ = nullptr;
};

// Cancels the one context that it was made with; copies do the same.
class Cancel {
 public:
  Cancel() = default;
  explicit Cancel(Context context) : context_(std::move(context)) {}

  // Wakes every task that waits for the context or for one below it. Does nothing the second time.
  void operator()(Cause cause = Cause(Reason::cancelled)) const;

 private:
  Context context_;
};

struct CancelScope {
  CancelScope(Context made, Cancel its_cancel)
      : context(std::move(made)), cancel(std::move(its_cancel)) {}
  Context context;
  Cancel cancel;
};

// The root of all contexts of a run, cancelled when an exception leaves a task; outside of a task,
// a context that is never cancelled.
Context background();

// auto [context, cancel] = with_cancel(parent);
CancelScope with_cancel(const Context& parent);

// Also cancelled, for `cause`, when the scheduler's clock reaches `deadline`, unless the parent's
// comes first; at once if it has. Only for tasks.
CancelScope with_deadline(const Context& parent, TimePoint deadline,
                          const Cause& cause = Cause(Reason::deadline));
CancelScope with_timeout(const Context& parent, Duration timeout,
                         const Cause& cause = Cause(Reason::deadline));

// A context that is never cancelled and has no deadline, but the values of `parent`: for what has
// to be brought to an end after a cancellation.
Context without_cancel(const Context& parent);

// Fires when a context is cancelled.
class DoneCase final : public Case {
 public:
  DoneCase(Context context, std::source_location where)
      : Case(where), context_(std::move(context)) {}

  explicit operator bool() const noexcept { return chosen(); }

 private:
  const void* object() const noexcept override { return context_.core(); }
  bool poll() noexcept override { return context_.cancelled(); }
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  const char* verb() const noexcept override { return "done"; }
  WaitedFor describe() const override;

  Context context_;
};

inline DoneCase done(Context context,
                     std::source_location where = std::source_location::current()) {
  return DoneCase(std::move(context), where);
}

}  // namespace weir
