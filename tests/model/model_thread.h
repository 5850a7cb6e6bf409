// Threads of a model that are tried in every order, within a bound of preemptions.
//
// A thread is a coroutine that stops before each step which others could see. The search runs a
// world from its start for every choice of who goes next: any number of switches where a thread
// cannot go on, and a bounded number elsewhere (most errors need one or two).

#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace weir::model {

// What a world throws when a rule of it is broken.
struct Bug : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline constexpr int nobody = -1;

struct Lock {
  int holder = nobody;

  void release() { holder = nobody; }
};

// What a thread of the model waits for, and where it goes on.
struct Thread {
  std::coroutine_handle<> innermost;
  bool calls = false;  // a coroutine has called or ended: no step, go on with the innermost
  const Lock* wanted = nullptr;
  const int* wakes = nullptr;  // sleeps until this is positive
  std::exception_ptr failure;

  bool ended() const { return !innermost; }

  bool can_go_on() const {
    if (ended()) return false;
    if (wanted != nullptr) return wanted->holder == nobody;
    return wakes == nullptr || *wakes > 0;
  }

  void go_on() {
    wanted = nullptr;
    wakes = nullptr;
    do {
      calls = false;
      innermost.resume();
    } while (calls && innermost);
    if (failure) std::rethrow_exception(failure);
  }
};

// A coroutine of the model; awaited by another one, it runs as its part.
class Script {
 public:
  struct promise_type {
    Script get_return_object() {
      return Script(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept {
      thread->innermost = caller;
      thread->calls = true;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { thread->failure = std::current_exception(); }

    Thread* thread = nullptr;
    std::coroutine_handle<> caller = nullptr;
  };
  using Frame = std::coroutine_handle<promise_type>;

  explicit Script(Frame frame) : frame_(frame) {}
  Script(Script&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  ~Script() {
    if (frame_) frame_.destroy();
  }

  void start_on(Thread& thread) const {
    frame_.promise().thread = &thread;
    thread.innermost = frame_;
  }

  bool await_ready() const { return false; }
  void await_suspend(Frame caller) const {
    frame_.promise().caller = caller;
    start_on(*caller.promise().thread);
    caller.promise().thread->calls = true;
  }
  void await_resume() const {}

 private:
  Frame frame_;
};

// Lets others go first.
class Step {
 public:
  Step() = default;
  bool await_ready() const { return false; }
  void await_suspend(Script::Frame) const {}
  void await_resume() const {}
};

class Acquire {
 public:
  Acquire(Lock& lock, int me) : lock_(lock), me_(me) {}
  bool await_ready() const { return false; }
  void await_suspend(Script::Frame self) const { self.promise().thread->wanted = &lock_; }
  void await_resume() const { lock_.holder = me_; }

 private:
  Lock& lock_;
  int me_;
};

class Sleep {
 public:
  explicit Sleep(const int& wakes) : wakes_(wakes) {}
  bool await_ready() const { return false; }
  void await_suspend(Script::Frame self) const { self.promise().thread->wakes = &wakes_; }
  void await_resume() const {}

 private:
  const int& wakes_;
};

// One run of a scenario.
class World {
 public:
  virtual ~World() = default;

  // Called when no thread can go on; throws Bug if it should not have come to that.
  virtual void check_end() const = 0;

  std::deque<Thread>& threads() { return threads_; }

 protected:
  void start(Script script) {
    scripts_.push_back(std::move(script));
    scripts_.back().start_on(threads_.emplace_back());
  }

  // Throws Bug if a thread waits for a lock.
  void check_locks() const {
    for (const Thread& thread : threads_) {
      if (!thread.ended() && thread.wanted != nullptr) {
        throw Bug("threads wait for each other's locks");
      }
    }
  }

 private:
  std::deque<Thread> threads_;
  std::deque<Script> scripts_;
};

struct Verdict {
  std::string bug;  // empty: none found
  std::uint64_t schedules = 0;
  bool exhausted = false;
};

// Tries all schedules with at most `preemptions`, or `schedules_max` of them.
Verdict try_schedules(const std::function<std::unique_ptr<World>()>& make, int preemptions,
                      std::uint64_t schedules_max);

}  // namespace weir::model
