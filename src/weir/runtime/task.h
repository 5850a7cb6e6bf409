// Task<T>: a lazy coroutine with exactly one owner.
//
// `co_await task` runs it inline as a child of the awaiting coroutine and gives its result or
// throws its exception; go(task) starts it as a task of its own. A Task that is dropped before it
// ran just frees its frame.
//
// Parent and child pass the baton through the thread's run loop (scheduler.h): the parent names the
// child as the next coroutine and returns, and the child names the parent at its end. Turned down:
// symmetric transfer (g++ 12 overflows the stack after some ten thousand awaits unless it
// optimises) and resuming the child within the parent's await_suspend (depth of the stack follows
// depth of the awaits).

#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/frame_pool.h"
#include "weir/runtime/scheduler.h"

namespace weir {

template <class T = void>
class [[nodiscard]] Task;

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<Task<T>> = true;

// The part of a promise that does not depend on the result.
class TaskPromiseBase {
 public:
  // Ends the coroutine: goes on with the one that awaits it, or ends the task.
  class FinalAwaiter {
   public:
    FinalAwaiter() = default;
    bool await_ready() const noexcept { return false; }
    void await_resume() const noexcept {}

    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      running.next = self.promise().awaiting_;
      if (!running.next) running.ended = &self.promise();
    }
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  void set_awaiting(std::coroutine_handle<> awaiting) noexcept { awaiting_ = awaiting; }

  // What left the coroutine, null if nothing did or it has been thrown on.
  const std::exception_ptr& failure() const noexcept { return failure_; }

  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { free_frame(frame, bytes); }

 protected:
  void rethrow_failure() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  std::coroutine_handle<> awaiting_ = nullptr;
  std::exception_ptr failure_;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;

  template <class Value = T>
    requires std::is_convertible_v<Value&&, T>
  void return_value(Value&& value) {
    result_.emplace(std::forward<Value>(value));
  }

  T take_result() {
    rethrow_failure();
    return std::move(*result_);
  }

 private:
  std::optional<T> result_;
};

// The referred object is the caller's own and outlives the task.
template <class T>
class TaskPromise<T&> : public TaskPromiseBase {
 public:
  Task<T&> get_return_object() noexcept;
  void return_value(T& value) noexcept { result_ = &value; }

  T& take_result() {
    rethrow_failure();
    return *result_;
  }

 private:
  T* result_ = nullptr;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take_result() { rethrow_failure(); }
};

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = TaskPromise<T>;
  using Result = T;

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    Task(std::move(other)).swap(*this);
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  void swap(Task& other) noexcept { std::swap(frame_, other.frame_); }

  // Gives the frame away, for a scheduler that will own it.
  std::coroutine_handle<promise_type> release() noexcept {
    return typed(std::exchange(frame_, nullptr));
  }

  class Awaiter : private ChildAwait {
   public:
    explicit Awaiter(std::coroutine_handle<>& child) : ChildAwait(child) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> parent) noexcept {
      typed(*frame).promise().set_awaiting(parent);
      running.task->enter(*this);
      running.next = *frame;
    }
    T await_resume() {
      running.task->leave(*this);
      return typed(*frame).promise().take_result();
    }
  };

  // Requires: the task has not been awaited or started before.
  Awaiter operator co_await() const {
    WEIR_CHECK(frame_ && !frame_.done(), "a task was awaited that has ended, moved or was started");
    return Awaiter(frame_);
  }

 private:
  friend TaskPromise<T>;
  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

  static std::coroutine_handle<promise_type> typed(std::coroutine_handle<> frame) noexcept {
    return std::coroutine_handle<promise_type>::from_address(frame.address());
  }

  mutable std::coroutine_handle<> frame_;  // taken back at the end of a run, see ChildAwait
};

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

template <class T>
Task<T&> TaskPromise<T&>::get_return_object() noexcept {
  return Task<T&>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

}  // namespace weir
