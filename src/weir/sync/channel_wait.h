// A send or a receive that parks: what `co_await channel.send(value)` and `receive()` wait on.

#pragma once

#include <coroutine>
#include <optional>
#include <source_location>
#include <utility>

#include "weir/runtime/scheduler.h"
#include "weir/sync/claim.h"
#include "weir/sync/element.h"

namespace weir {

// A send or receive that is all that its task waits for; the part without the type.
class ChannelWait : public Wait {
 public:
  void abandon() noexcept override {
    if (core_ != nullptr) core_->withdraw(node_);
  }
  const void* object() const noexcept override { return core_; }

 protected:
  ChannelWait(ChannelCore* core, std::source_location where) : Wait(where), core_(core) {}
  ~ChannelWait() = default;

  // Notes the result of an attempt. False if the task has to park, or if the operation is over but
  // others have waited for their turn long enough.
  bool go_on(ChannelCore::Result result) noexcept {
    done_ = result == ChannelCore::Result::done;
    over_ = result != ChannelCore::Result::blocked;
    return over_ && running.budget-- > 0;
  }

  void prepare(std::coroutine_handle<> self, void* slot) noexcept {
    running.task->resume_point = self;
    running.task->wait = this;
    node_.task = running.task;
    node_.slot = slot;
  }

  void yield_after(std::coroutine_handle<> self) noexcept {
    running.task->resume_point = self;
    running.scheduler->yield(*running.task);
  }

  ChannelCore* core_;
  bool over_ = false;  // before it had to park
  bool done_ = false;  // the value has moved
  WaitNode node_;
};

template <ChannelValue T>
class SendAwaiter final : public ChannelWait {
 public:
  SendAwaiter(ChannelCore* core, T&& value, std::source_location where) : ChannelWait(core, where) {
    slot_.emplace(std::move(value));
  }
  ~SendAwaiter() {
    if (!sent()) slot_.destroy();
  }

  bool await_ready() {
    return core_ != nullptr && go_on(core_->try_send(slot_.address(), where()));
  }
  bool await_suspend(std::coroutine_handle<> self) {
    if (over_) return yield_after(self), true;
    prepare(self, slot_.address());
    if (core_ == nullptr) return true;
    WakeList wakes;
    if (core_->send_or_enroll(node_, where(), wakes) == ChannelCore::Result::blocked) return true;
    done_ = true;
    node_.task->wait = nullptr;
    wakes.make_ready();
    return false;
  }
  void await_resume() const noexcept {}
  const char* verb() const noexcept override { return "send"; }

 private:
  bool sent() const noexcept { return done_ || node_.fulfilled; }

  Slot<T> slot_;
};

template <ChannelValue T>
class ReceiveAwaiter final : public ChannelWait {
 public:
  ReceiveAwaiter(ChannelCore* core, std::source_location where) : ChannelWait(core, where) {}
  ~ReceiveAwaiter() {
    if (received()) slot_.destroy();
  }

  bool await_ready() {
    if (core_ == nullptr) return false;
    return go_on(core_->try_receive(slot_.address()));
  }
  bool await_suspend(std::coroutine_handle<> self) {
    if (over_) return yield_after(self), true;
    prepare(self, slot_.address());
    if (core_ == nullptr) return true;
    WakeList wakes;
    const ChannelCore::Result result = core_->receive_or_enroll(node_, wakes);
    if (result == ChannelCore::Result::blocked) return true;
    done_ = result == ChannelCore::Result::done;
    node_.task->wait = nullptr;
    wakes.make_ready();
    return false;
  }
  std::optional<T> await_resume() {
    if (!received()) return std::nullopt;
    done_ = node_.fulfilled = false;
    return slot_.take();
  }
  const char* verb() const noexcept override { return "receive"; }

 private:
  bool received() const noexcept { return done_ || node_.fulfilled; }

  Slot<T> slot_;
};

}  // namespace weir
