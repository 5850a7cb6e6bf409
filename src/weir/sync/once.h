// Once: something is done one time, however many tasks ask for it.
//
//   co_await once.call(open_database);      a callable, which may give a Task; or a Task
//
// The first caller does it in its own task, and the others wait until it is done. What it did is
// visible to whoever has returned from call().
//
// An exception is a result: it counts as done, and every call, that one and all later ones, throws
// it. So Go's sync.OnceFunc does; std::call_once, which lets the next caller try again, makes the
// number of attempts depend on who comes when. To try again is to make a new Once.

#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/sync/wait_group.h"

namespace weir {

// Requires: no call is under way when it is destroyed.
class Once {
 public:
  using Place = std::source_location;

  Once() { unfinished_.add(); }
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  // Calls `callable` if nobody has called anything yet, else waits for the end of that call; throws
  // what left it. A call within the call waits for itself.
  template <class F>
  Task<> call(F&& callable, Place where = Place::current()) {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
    static_assert(
        std::is_lvalue_reference_v<F> || is_task<F> || std::is_trivially_destructible_v<F>,
        "g++ 12 destroys a lambda that owns something in a co_await expression twice: "
        "give the lambda a name first, then call(name)");
#endif
    return call_or_wait(std::forward<F>(callable), where);
  }

  // True once the call has ended. Any thread.
  bool done() const noexcept { return done_.load(std::memory_order_acquire); }

 private:
  template <class F>
  Task<> call_or_wait(F callable, Place where) {
    if (!done() && !begun_.exchange(true, std::memory_order_relaxed)) {
      auto calling = call_first(callable);
      co_await calling;
    } else if (!done()) {
      co_await unfinished_.wait(where);
    }
    if (failure_) std::rethrow_exception(failure_);
  }

  template <class F>
  Task<> call_first(F& callable) {
    try {
      if constexpr (is_task<F>) {
        co_await callable;
      } else if constexpr (is_task<std::invoke_result_t<F&>>) {
        auto task = std::invoke(callable);
        co_await task;
      } else {
        std::invoke(callable);
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
    done_.store(true, std::memory_order_release);
    unfinished_.done();
  }

  std::atomic<bool> begun_ = false;
  std::atomic<bool> done_ = false;
  std::exception_ptr failure_;  // written before done_ is set, then constant
  WaitGroup unfinished_;
};

}  // namespace weir
