// blocking(fn): a call that blocks its thread, made where it holds no task up.
//
//   auto text = co_await blocking([&] { return read_whole_file(path); });
//
// `fn` runs on a thread of its own, which is made when it is needed and ends when it has idled for
// RuntimeOptions::blocking_idle. At most blocking_threads_max such calls run at a time; with all of
// them under way, the next task waits its turn, first come, first served, and nothing is lost. Its
// result or exception comes back to the awaiting task.
//
// The call cannot be interrupted: a context that is cancelled meanwhile is seen when it has
// returned, and a run ends only when all calls have. Inside it there is no task: go(), now() and
// co_await are for tasks, while try_send, close and Runtime::go are open to every thread.
//
// In virtual time `fn` runs in place, on the one thread, and takes no virtual time: a run stays a
// function of seed and program as far as `fn` does.
//
// Cost: two changes of thread, some 10 to 20 us. For what blocks rarely, see BlockingRegion.

#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/runtime/thread_job.h"

namespace weir {

// The part of a blocking call that does not depend on the callable.
class BlockingCall : public Wait, public ThreadJob {
 public:
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> self) noexcept;

  void abandon() noexcept override {}  // No run ends before its calls have.
  const char* verb() const noexcept override { return "blocking"; }

 protected:
  explicit BlockingCall(std::source_location where) : Wait(where) {}
  ~BlockingCall() = default;

 private:
  virtual void perform() noexcept = 0;
  void run_on_thread() noexcept override;

  TaskRecord* task_ = nullptr;
};

// Room for what a call gives: nothing, a value, or a reference.
template <class R>
class CallResult {
 public:
  template <class F>
  void keep(F& callable) {
    value_.emplace(std::invoke(std::move(callable)));
  }
  R take() { return std::move(*value_); }

 private:
  std::optional<R> value_;
};

template <class R>
class CallResult<R&> {
 public:
  template <class F>
  void keep(F& callable) {
    value_ = &std::invoke(std::move(callable));
  }
  R& take() { return *value_; }

 private:
  R* value_ = nullptr;
};

template <>
class CallResult<void> {
 public:
  template <class F>
  void keep(F& callable) {
    std::invoke(std::move(callable));
  }
  void take() {}
};

template <class F>
class BlockingAwaiter final : public BlockingCall {
 public:
  using Result = std::invoke_result_t<F>;

  BlockingAwaiter(F&& callable, std::source_location where)
      : BlockingCall(where), callable_(std::move(callable)) {}

  Result await_resume() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return result_.take();
  }

 private:
  void perform() noexcept override {
    try {
      result_.keep(callable_);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  F callable_;
  CallResult<Result> result_;
  std::exception_ptr failure_;
};

// g++ 12 destroys a closure that stands in a co_await expression and owns something twice (reports
// around GCC bug 95599). A closure cannot be told from other classes; those that it spares have a
// default constructor, as std::function has.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
template <class F>
inline constexpr bool callable_temporary_is_safe =
    std::is_lvalue_reference_v<F> || std::is_trivially_destructible_v<F> ||
    (std::is_default_constructible_v<F> && !std::is_aggregate_v<F>);
#else
template <class F>
inline constexpr bool callable_temporary_is_safe = true;
#endif

// Calls `fn` once, with no arguments, on a thread where it may block. `fn` is copied or moved;
// std::ref passes a reference. Only for tasks.
template <class F>
  requires std::is_invocable_v<std::decay_t<F>>
BlockingAwaiter<std::decay_t<F>> blocking(
    F&& fn, std::source_location where = std::source_location::current()) {
  static_assert(!is_task<std::invoke_result_t<std::decay_t<F>>>,
                "blocking() takes an ordinary function: a Task would not even begin to run in it");
  static_assert(callable_temporary_is_safe<F>,
                "g++ 12 destroys a closure that owns something twice in a co_await expression: "
                "give the callable a name first, then blocking(std::ref(name))");
  return BlockingAwaiter<std::decay_t<F>>(std::decay_t<F>(std::forward<F>(fn)), where);
}

}  // namespace weir
