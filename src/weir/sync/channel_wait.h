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
  void describe(std::vector<WaitedFor>& things) const override {
    things.push_back(ChannelCore::describe(core_, verb(), where()));
  }

 protected:
  ChannelWait(ChannelCore* core, std::source_location where) : Wait(where), core_(core) {}
  ~ChannelWait() = default;

  // After an attempt of which the node knows nothing.
  ChannelCore::Result note(ChannelCore::Result result) noexcept {
    node_.fulfilled = result == ChannelCore::Result::done;
    return result;
  }

  // With the result of an attempt. False if the task has to park, or if the operation is over but
  // others have waited for their turn long enough.
  bool go_on(ChannelCore::Result result) noexcept {
    over_ = result != ChannelCore::Result::blocked;
    return over_ && spend_turn();
  }

  void prepare(std::coroutine_handle<> self, void* slot) noexcept {
    node_.belong_to(prepare_to_park(self, *this));
    node_.slot = slot;
  }

  // Worth an attempt before the task is made ready to park. Without a buffer the attempt that also
  // puts the task in line is as cheap, and often both would be needed.
  bool tries_first() const noexcept { return core_ != nullptr && core_->capacity() > 0; }

  // After an attempt that has put the operation in line if it was blocked: true if the task returns
  // to its scheduler.
  bool suspend(std::coroutine_handle<> self, ChannelCore::Result result, WakeList& wakes) noexcept {
    if (result == ChannelCore::Result::blocked) return true;  // The frame may run elsewhere.
    const bool goes_on = go_on(result);
    running.task->wait = nullptr;
    wakes.make_ready();
    return !goes_on && give_way(self, *this);
  }

  ChannelCore* core_;
  [[no_unique_address]] WaitNode node_;  // fulfilled: the value has moved
  bool over_ = false;                    // before it had to park
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
    return tries_first() && go_on(note(core_->try_send(slot_.address(), where())));
  }
  bool await_suspend(std::coroutine_handle<> self) {
    if (over_) return give_way(self, *this);
    prepare(self, slot_.address());
    if (core_ == nullptr) return true;
    WakeList wakes;
    return suspend(self, core_->send_or_enroll(node_, where(), wakes), wakes);
  }
  void await_resume() const noexcept {}
  const char* verb() const noexcept override { return "send"; }

 private:
  bool sent() const noexcept { return node_.fulfilled; }

  Slot<T> slot_;
};

template <ChannelValue T>
class ReceiveAwaiter final : public ChannelWait {
 public:
  ReceiveAwaiter(ChannelCore* core, std::source_location where) : ChannelWait(core, where) {}
  ~ReceiveAwaiter() {
    if (received()) slot_.destroy();
  }

  bool await_ready() { return tries_first() && go_on(note(core_->try_receive(slot_.address()))); }
  bool await_suspend(std::coroutine_handle<> self) {
    if (over_) return give_way(self, *this);
    prepare(self, slot_.address());
    if (core_ == nullptr) return true;
    WakeList wakes;
    return suspend(self, core_->receive_or_enroll(node_, wakes), wakes);
  }
  std::optional<T> await_resume() {
    if (!received()) return std::nullopt;
    node_.fulfilled = false;
    return slot_.take();
  }
  const char* verb() const noexcept override { return "receive"; }

 private:
  bool received() const noexcept { return node_.fulfilled; }

  Slot<T> slot_;
};

}  // namespace weir
