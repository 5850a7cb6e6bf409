// Cases of select that receive from or send to a channel.

#pragma once

#include <source_location>
#include <utility>

#include "weir/sync/case.h"
#include "weir/sync/channel_handle.h"
#include "weir/sync/element.h"

namespace weir {

template <ChannelValue T>
class Sender;
template <ChannelValue T>
class Receiver;

// The part without the type. Counts as the end that it is.
template <class Handle>
class ChannelCase : public Case {
 protected:
  ChannelCase(const ChannelAccess& channel, std::source_location where)
      : Case(where), channel_(Handle::of(channel)) {}
  ~ChannelCase() = default;

  // What `result` of an enrolment means for the select.
  static Enrolled enrolled(ChannelCore::Result result) noexcept {
    return result == ChannelCore::Result::blocked ? Enrolled::waiting : Enrolled::decided;
  }

  const void* object() const noexcept override { return channel_.core(); }

  void withdraw() noexcept override {
    if (channel_) channel_.core()->withdraw(node_);
  }

  WaitedFor describe() const override {
    return ChannelCore::describe(channel_.core(), verb(), where());
  }

  Handle channel_;
};

template <ChannelValue T>
class ReceiveCase final : public ChannelCase<ReceivingHandle> {
 public:
  ReceiveCase(const ChannelAccess& channel, std::source_location where)
      : ChannelCase(channel, where) {}
  ~ReceiveCase() { drop(); }

  // True if the last select picked the case and received a value.
  explicit operator bool() const noexcept { return received_; }

  // The value. Requires: the case is true.
  T& operator*() & { return checked(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }

  // Receives from `next` from now on; from a nil one never. Requires: no select is under way.
  void channel(const Receiver<T>& next) { channel_ = next; }

 private:
  T& checked() {
    WEIR_CHECK(received_, "the value of a receive case was used that has received none");
    return slot_.value();
  }

  void drop() noexcept {
    if (std::exchange(received_, false)) slot_.destroy();
  }

  void reset() noexcept override { drop(); }

  bool seems_ready() const noexcept override {
    return channel_ && channel_.core()->seems_receivable();
  }

  bool poll() noexcept override {
    if (!channel_) return false;
    const ChannelCore::Result result = channel_.core()->try_receive(slot_.address());
    received_ = result == ChannelCore::Result::done;
    return result != ChannelCore::Result::blocked;
  }

  Enrolled enroll(WakeList& wakes) noexcept override {
    if (!channel_) return Enrolled::waiting;
    node_.slot = slot_.address();
    return enrolled(channel_.core()->receive_or_enroll(node_, wakes));
  }

  void complete() noexcept override { received_ = node_.fulfilled; }
  const char* verb() const noexcept override { return "receive"; }

  bool received_ = false;
  Slot<T> slot_;
};

template <ChannelValue T>
class SendCase final : public ChannelCase<SendingHandle> {
 public:
  SendCase(const ChannelAccess& channel, T&& value, std::source_location where)
      : ChannelCase(channel, where) {
    slot_.emplace(std::move(value));
  }
  ~SendCase() {
    if (full_) slot_.destroy();
  }

  // True if the last select picked the case: the value has been sent.
  explicit operator bool() const noexcept { return chosen(); }

  // Fills the case again, or replaces the value that waits in it.
  void value(T next) {
    if (full_) slot_.destroy();
    slot_.emplace(std::move(next));
    full_ = true;
  }

  // Sends to `next` from now on; to a nil one never. Requires: no select is under way.
  void channel(const Sender<T>& next) { channel_ = next; }

  // Gives the value back. Requires: it has not been sent.
  T take_back() {
    WEIR_CHECK(full_, "the value of a send case was taken back that has been sent");
    full_ = false;
    return slot_.take();
  }

 private:
  void reset() noexcept override {
    WEIR_CHECK(full_ || !enabled(),
               "a send case was used again without a new value; call value() first");
  }

  bool seems_ready() const noexcept override {
    return channel_ && channel_.core()->seems_sendable();
  }

  bool poll() noexcept override {
    if (!channel_) return false;
    full_ = channel_.core()->try_send(slot_.address(), where()) != ChannelCore::Result::done;
    return !full_;
  }

  Enrolled enroll(WakeList& wakes) noexcept override {
    if (!channel_) return Enrolled::waiting;
    node_.slot = slot_.address();
    return enrolled(channel_.core()->send_or_enroll(node_, where(), wakes));
  }

  void complete() noexcept override { full_ = !node_.fulfilled; }
  const char* verb() const noexcept override { return "send"; }

  bool full_ = true;
  Slot<T> slot_;
};

}  // namespace weir
