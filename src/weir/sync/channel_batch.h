// Sends and receives of many values: what the *_many functions of a channel wait on.

#pragma once

#include <algorithm>
#include <coroutine>
#include <expected>
#include <source_location>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/runtime/this_task.h"
#include "weir/sync/batch.h"
#include "weir/sync/channel.h"

namespace weir {

// Counts the values of a batch against the turn of the task, as if they had come one by one.
inline void spend_turn(std::size_t values) noexcept {
  running.budget -= static_cast<int>(std::min<std::size_t>(values, 1'000'000));
}

// Waits for a first value, and takes what else is there when the task runs.
template <ChannelValue T>
class BatchReceive final : public ChannelWait {
 public:
  BatchReceive(ChannelCore* core, Batch<T>& values, std::source_location where)
      : ChannelWait(core, where), values_(values) {
    values.clear();
  }
  ~BatchReceive() {
    if (node_.fulfilled) first_.destroy();
  }

  bool await_ready() { return tries_first() && is_over(core_->try_receive_many(values_.core())); }
  bool await_suspend(std::coroutine_handle<> self) {
    if (over_) return give_way(self, *this);
    prepare(self, first_.address());
    if (core_ == nullptr) return true;
    WakeList wakes;
    const auto result = core_->receive_many_or_enroll(values_.core(), node_, wakes);
    if (result == ChannelCore::Result::done) spend_turn(values_.size() - 1);
    return suspend(self, result, wakes);
  }
  std::size_t await_resume() {
    if (!node_.fulfilled) return values_.size();
    node_.fulfilled = false;
    values_.push_back(first_.take());
    core_->try_receive_many(values_.core());
    spend_turn(values_.size());
    return values_.size();
  }
  const char* verb() const noexcept override { return "receive"; }

 private:
  bool is_over(ChannelCore::Result result) noexcept {
    if (result == ChannelCore::Result::done) spend_turn(values_.size() - 1);
    return go_on(result);
  }

  Batch<T>& values_;
  Slot<T> first_;
};

// The same until a context ends.
template <ChannelValue T>
class ContextBatchReceive : public UntilCancelled<ReceiveCase<T>> {
 public:
  ContextBatchReceive(const ChannelAccess& channel, const Context& context, Batch<T>& values,
                      std::source_location where)
      : UntilCancelled<ReceiveCase<T>>(context, where, channel),
        channel_(ReceivingHandle::of(channel)),
        values_(values) {
    values.clear();
  }

  std::expected<std::size_t, NoValue> await_resume() {
    if (!this->happened()) return std::unexpected(Cancelled);
    if (!this->case_) return std::unexpected(Closed);
    values_.push_back(*std::move(this->case_));
    channel_.core()->try_receive_many(values_.core());
    spend_turn(values_.size() - 1);
    return values_.size();
  }

 private:
  ReceivingHandle channel_;
  Batch<T>& values_;
};

template <class T, class Base>
BatchReceive<T> Receives<T, Base>::receive_many(Batch<T>& values, Place where) const {
  return BatchReceive<T>(this->core(), values, where);
}

template <class T, class Base>
ContextBatchReceive<T> Receives<T, Base>::receive_many(const Context& context, Batch<T>& values,
                                                       Place where) const {
  return ContextBatchReceive<T>(*this, context, values, where);
}

template <class T, class Base>
std::expected<std::size_t, NoValue> Receives<T, Base>::try_receive_many(Batch<T>& values) const {
  values.clear();
  if (this->core() == nullptr) return std::unexpected(Empty);
  const auto result = this->core()->try_receive_many(values.core());
  if (result == ChannelCore::Result::done) return values.size();
  return std::unexpected(result == ChannelCore::Result::closed ? Closed : Empty);
}

inline std::size_t try_send_all(const ChannelAccess& channel, BatchCore& values,
                                std::source_location where) {
  return channel ? channel.core()->try_send_many(values, where) : 0;
}

template <class T, class Base>
std::size_t Sends<T, Base>::try_send_many(Batch<T>& values, Place where) const {
  return try_send_all(*this, values.core(), where);
}

// The channel by value: it lives until the last value is sent.
template <class T>
Task<> send_all(SendingHandle channel, Batch<T>& values, std::source_location where) {
  spend_turn(1);
  for (;;) {
    spend_turn(try_send_all(channel, values.core(), where));
    if (values.empty()) break;
    T first = values.pop_front();
    co_await SendAwaiter<T>(channel.core(), std::move(first), where);
  }
  if (running.budget <= 0) co_await yield();
}

template <class T>
Task<bool> send_all_until(Context context, SendingHandle channel, Batch<T>& values,
                          std::source_location where) {
  spend_turn(1);
  while (!values.empty() && !context.cancelled()) {
    spend_turn(try_send_all(channel, values.core(), where));
    if (values.empty()) break;
    T first = values.pop_front();
    auto sent = co_await ContextSend<T>(context, where, channel, std::move(first));
    if (!sent) values.push_front(std::move(sent.error().value));
  }
  if (running.budget <= 0) co_await yield();
  co_return values.empty();
}

template <class T, class Base>
Task<> Sends<T, Base>::send_many(Batch<T>& values, Place where) const {
  return send_all<T>(SendingHandle::of(*this), values, where);
}

template <class T, class Base>
Task<bool> Sends<T, Base>::send_many(const Context& context, Batch<T>& values, Place where) const {
  return send_all_until<T>(context, SendingHandle::of(*this), values, where);
}

}  // namespace weir
