// go(): starts a task. TaskHandle: asks how it fares and waits for its end.
//
//   go(serve(connection));                      a Task that was made already
//   go(callable, arguments…);                   both move into the task's own frame
//
// The callable is called when the task first runs, and it and its arguments live as long as the
// task. Arguments are copied or moved; std::ref passes a reference, whose owner then has to outlive
// the task.
//
// The overloads by number of arguments exist for the last parameter: the place of the call, which
// reports of leaks and deadlocks name. A parameter pack would swallow it.

#pragma once

#include <functional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/runtime/this_task.h"
#include "weir/runtime/waited_for.h"

namespace weir {

// A join of `task`, in words.
WaitedFor describe_join(const TaskRecord& task, std::source_location where);

// Waits for the end of a task; lives in the frame that waits.
class JoinAwaiter final : public Wait, public JoinNode {
 public:
  JoinAwaiter(TaskRecord* target, std::source_location where) : Wait(where), target_(target) {}

  bool await_ready() const noexcept { return target_->ended() && spend_turn(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept;
  void await_resume() const noexcept {}

  void on_end(WakeList& wakes) noexcept override { wakes.push(*task_); }
  void abandon() noexcept override { target_->remove_join(*this); }
  const char* verb() const noexcept override { return "join"; }
  const void* object() const noexcept override { return target_; }
  void describe(std::vector<WaitedFor>& things) const override;

 private:
  TaskRecord* target_;
  TaskRecord* task_ = nullptr;
};

// A counted handle on a task; dropping it leaves the task alone.
class TaskHandle {
 public:
  TaskHandle() = default;
  explicit TaskHandle(TaskRecord* adopted) noexcept : record_(adopted) {}
  TaskHandle(const TaskHandle& other) noexcept : record_(other.record_) {
    if (record_ != nullptr) record_->add_reference();
  }
  TaskHandle(TaskHandle&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  TaskHandle& operator=(TaskHandle other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~TaskHandle() {
    if (record_ != nullptr) record_->release();
  }

  // True once the task has ended. Any thread may ask.
  bool ended() const noexcept { return record_ == nullptr || record_->ended(); }

  // Parks until the task has ended. Requires: the handle holds a task.
  JoinAwaiter join(std::source_location where = std::source_location::current()) const;

  TaskRecord* record() const noexcept { return record_; }

 private:
  TaskRecord* record_ = nullptr;
};

// Starts `root` on `scheduler`; any thread may call it. The frame is the scheduler's from here on.
// `hook` may be null, else it must outlive the task.
TaskHandle start_on(Scheduler& scheduler, std::coroutine_handle<> root, std::source_location where,
                    EndHook* hook = nullptr);

// Something that gives a Task when it is called once with its own copies of the arguments.
template <class F, class... Args>
concept MakesTask = requires(F& callable, std::decay_t<Args>&... arguments) {
  std::invoke(callable, static_cast<std::unwrap_ref_decay_t<Args>&&>(arguments)...).release();
};

// A task that owns `callable` and `arguments` and calls the one with the others when it first runs.
template <class F, class... Args>
  requires MakesTask<F, Args...>
Task<> call_task(F callable, Args... arguments) {
  auto task = std::invoke(callable, static_cast<std::unwrap_reference_t<Args>&&>(arguments)...);
  co_await task;
}

// The ways to start a task, for whatever has a `TaskHandle start(std::coroutine_handle<>, place)`.
template <class Starter>
class StartsTasks {
 public:
  using Place = std::source_location;

  template <class T>
  TaskHandle go(Task<T> task, Place where = Place::current()) {
    return self().start(task.release(), where);
  }
  template <class F>
    requires MakesTask<F>
  TaskHandle go(F callable, Place where = Place::current()) {
    return go(call_task(std::move(callable)), where);
  }
  template <class F, class A>
    requires MakesTask<F, A>
  TaskHandle go(F callable, A a, Place where = Place::current()) {
    return go(call_task(std::move(callable), std::move(a)), where);
  }
  template <class F, class A, class B>
    requires MakesTask<F, A, B>
  TaskHandle go(F callable, A a, B b, Place where = Place::current()) {
    return go(call_task(std::move(callable), std::move(a), std::move(b)), where);
  }
  template <class F, class A, class B, class C>
    requires MakesTask<F, A, B, C>
  TaskHandle go(F callable, A a, B b, C c, Place where = Place::current()) {
    return go(call_task(std::move(callable), std::move(a), std::move(b), std::move(c)), where);
  }
  template <class F, class A, class B, class C, class D>
    requires MakesTask<F, A, B, C, D>
  TaskHandle go(F callable, A a, B b, C c, D d, Place where = Place::current()) {
    return go(
        call_task(std::move(callable), std::move(a), std::move(b), std::move(c), std::move(d)),
        where);
  }
  template <class F, class A, class B, class C, class D, class E>
    requires MakesTask<F, A, B, C, D, E>
  TaskHandle go(F callable, A a, B b, C c, D d, E e, Place where = Place::current()) {
    return go(call_task(std::move(callable), std::move(a), std::move(b), std::move(c), std::move(d),
                        std::move(e)),
              where);
  }

 private:
  Starter& self() { return static_cast<Starter&>(*this); }
};

// Starts tasks on the scheduler of the running task.
class StartsHere : public StartsTasks<StartsHere> {
 public:
  TaskHandle start(std::coroutine_handle<> root, std::source_location where);
};

template <class T>
TaskHandle go(Task<T> task, std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(task), where);
}
template <class F>
  requires MakesTask<F>
TaskHandle go(F callable, std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), where);
}
template <class F, class A>
  requires MakesTask<F, A>
TaskHandle go(F callable, A a, std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), std::move(a), where);
}
template <class F, class A, class B>
  requires MakesTask<F, A, B>
TaskHandle go(F callable, A a, B b, std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), std::move(a), std::move(b), where);
}
template <class F, class A, class B, class C>
  requires MakesTask<F, A, B, C>
TaskHandle go(F callable, A a, B b, C c,
              std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), std::move(a), std::move(b), std::move(c), where);
}
template <class F, class A, class B, class C, class D>
  requires MakesTask<F, A, B, C, D>
TaskHandle go(F callable, A a, B b, C c, D d,
              std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), std::move(a), std::move(b), std::move(c),
                         std::move(d), where);
}
template <class F, class A, class B, class C, class D, class E>
  requires MakesTask<F, A, B, C, D, E>
TaskHandle go(F callable, A a, B b, C c, D d, E e,
              std::source_location where = std::source_location::current()) {
  return StartsHere().go(std::move(callable), std::move(a), std::move(b), std::move(c),
                         std::move(d), std::move(e), where);
}

}  // namespace weir
