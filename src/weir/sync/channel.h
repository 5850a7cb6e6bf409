// Channel<T>: how tasks hand values to each other. The meaning is Go's.
//
// A channel of capacity 0 is a meeting: send and receive complete together. With a capacity, sends
// run ahead by that many values. Values leave in the order in which they were sent. close() says
// that no value follows: what is buffered is still received, then every receive says so at once. To
// send on a closed channel, or to close it twice, is a bug and stops the program with both places.
//
// Channel is a counted handle; Sender and Receiver are its directional views, made from it by
// assignment. A default-constructed one is nil: it blocks for ever.
//
// send and receive park the task; try_send, try_receive and close never do and may be called by any
// thread. Requires of T: its move constructor does not throw and uses no channels, locks or tasks
// (a value moves under a lock, and these do not nest). A task that waits is resumed by its own
// scheduler. Cost: one lock of some 10 ns for an operation that need not park.

#pragma once

#include <cstddef>
#include <expected>
#include <source_location>
#include <type_traits>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/sync/channel_case.h"
#include "weir/sync/channel_handle.h"
#include "weir/sync/channel_wait.h"
#include "weir/sync/until_cancelled.h"

namespace weir {

// Why a receive gave no value.
enum class NoValue { empty, closed, cancelled };

inline constexpr NoValue Empty = NoValue::empty;
inline constexpr NoValue Closed = NoValue::closed;
inline constexpr NoValue Cancelled = NoValue::cancelled;

// What comes back from a send that was cancelled.
template <class T>
struct Unsent {
  explicit Unsent(T returned) : value(std::move(returned)) {}
  T value;
};

// A value that has a name and is given away. g++ 12 destroys an aggregate temporary inside a
// co_await expression twice (reports around GCC bug 95599), so there such values are sent as
// moved(name).
template <class T>
class Moved {
 public:
  explicit Moved(T& value) : value_(value) {}
  T&& take() const { return std::move(value_); }

 private:
  T& value_;
};

template <class T>
Moved<T> moved(T& value) {
  return Moved<T>(value);
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
template <class T>
inline constexpr bool temporary_is_safe =
    !std::is_aggregate_v<T> || std::is_trivially_destructible_v<T>;
#else
template <class T>
inline constexpr bool temporary_is_safe = true;
#endif

template <ChannelValue T>
class Batch;
template <ChannelValue T>
class BatchReceive;
template <ChannelValue T>
class ContextBatchReceive;

// A receive or a send that a context can end.
template <class T>
class ContextReceive : public UntilCancelled<ReceiveCase<T>> {
 public:
  using UntilCancelled<ReceiveCase<T>>::UntilCancelled;

  std::expected<T, NoValue> await_resume() {
    if (!this->happened()) return std::unexpected(Cancelled);
    if (!this->case_) return std::unexpected(Closed);
    return *std::move(this->case_);
  }
};

template <class T>
class ContextSend : public UntilCancelled<SendCase<T>> {
 public:
  using UntilCancelled<SendCase<T>>::UntilCancelled;

  std::expected<void, Unsent<T>> await_resume() {
    if (this->happened()) return {};
    return std::unexpected(Unsent<T>(this->case_.take_back()));
  }
};

// The verbs of a sending end. Base holds the handle.
template <class T, class Base>
class Sends : public Base {
 public:
  using Place = std::source_location;
  using Base::Base;

  // Parks until the value has been received or buffered. Requires: the channel is not closed
  // before.
  SendAwaiter<T> send(const T& value, Place where = Place::current()) const {
    return SendAwaiter<T>(this->core(), T(value), where);
  }
  SendAwaiter<T> send(T&& value, Place where = Place::current()) const {
    static_assert(temporary_is_safe<T>,
                  "g++ 12 destroys an aggregate temporary in a co_await expression twice: give the "
                  "value a name first, then send(moved(name))");
    return SendAwaiter<T>(this->core(), std::move(value), where);
  }
  SendAwaiter<T> send(Moved<T> value, Place where = Place::current()) const {
    return SendAwaiter<T>(this->core(), value.take(), where);
  }

  // The same until `context` is cancelled: then the value comes back. A context that is cancelled
  // already wins over a channel that has room.
  ContextSend<T> send(const Context& context, const T& value,
                      Place where = Place::current()) const {
    return ContextSend<T>(context, where, *this, T(value));
  }
  ContextSend<T> send(const Context& context, T&& value, Place where = Place::current()) const {
    static_assert(temporary_is_safe<T>,
                  "g++ 12 destroys an aggregate temporary in a co_await expression twice: give the "
                  "value a name first, then send(context, moved(name))");
    return ContextSend<T>(context, where, *this, std::move(value));
  }
  ContextSend<T> send(const Context& context, Moved<T> value,
                      Place where = Place::current()) const {
    return ContextSend<T>(context, where, *this, value.take());
  }

  // True if the value has been received or buffered at once; else it is left as it was. Any thread.
  [[nodiscard]] bool try_send(T& value, Place where = Place::current()) const {
    if (this->core() == nullptr) return false;
    if constexpr (std::is_trivially_copyable_v<T>) {
      return this->core()->try_send(&value, where) == ChannelCore::Result::done;
    }
    Slot<T> slot;
    slot.emplace(std::move(value));
    if (this->core()->try_send(slot.address(), where) == ChannelCore::Result::done) return true;
    std::destroy_at(&value);
    std::construct_at(&value, slot.take());
    return false;
  }
  [[nodiscard]] bool try_send(T&& value, Place where = Place::current()) const {
    return try_send(value, where);
  }

  // Sends the values of the batch in order, as many at a time as there is room for, and parks in
  // between; the batch is empty then. Other senders' values may come between them.
  Task<> send_many(Batch<T>& values, Place where = Place::current()) const;

  // The same until `context` is cancelled: true if all were sent, else the rest is in the batch.
  Task<bool> send_many(const Context& context, Batch<T>& values,
                       Place where = Place::current()) const;

  // Sends as many as can be received or buffered at once, and returns their number; the rest is
  // left in the batch. Any thread.
  std::size_t try_send_many(Batch<T>& values, Place where = Place::current()) const;

  // Says that no value follows. Any thread. Requires: not nil, not closed, no task is sending.
  void close(Place where = Place::current()) const { this->close_channel(where); }
};

// The verbs of a receiving end.
template <class T, class Base>
class Receives : public Base {
 public:
  using Place = std::source_location;
  using Base::Base;

  // Parks until there is a value. Empty when the channel is closed and drained.
  ReceiveAwaiter<T> receive(Place where = Place::current()) const {
    return ReceiveAwaiter<T>(this->core(), where);
  }

  // The same until `context` is cancelled; a cancelled receive takes no value.
  ContextReceive<T> receive(const Context& context, Place where = Place::current()) const {
    return ContextReceive<T>(context, where, *this);
  }

  // Parks until there is a value, and takes it with what else is there, as far as the batch has
  // room. What the batch held goes. Returns the number; 0 when the channel is closed and drained.
  // Requires: the batch outlives the wait. Cost: one lock, and one more after a park.
  BatchReceive<T> receive_many(Batch<T>& values, Place where = Place::current()) const;

  // The same until `context` is cancelled; a cancelled receive takes no value.
  ContextBatchReceive<T> receive_many(const Context& context, Batch<T>& values,
                                      Place where = Place::current()) const;

  // Values that are there now, as far as the batch has room. What it held goes. Any thread.
  std::expected<std::size_t, NoValue> try_receive_many(Batch<T>& values) const;

  // A value that is there now. Any thread.
  std::expected<T, NoValue> try_receive() const {
    if (this->core() == nullptr) return std::unexpected(Empty);
    Slot<T> slot;
    const ChannelCore::Result result = this->core()->try_receive(slot.address());
    if (result == ChannelCore::Result::done) return slot.take();
    return std::unexpected(result == ChannelCore::Result::closed ? Closed : Empty);
  }
};

template <ChannelValue T>
class Channel : public Sends<T, Receives<T, CountedHandle<ChannelCore::both>>> {
 public:
  using Value = T;
  using Sends<T, Receives<T, CountedHandle<ChannelCore::both>>>::Sends;
};

template <ChannelValue T>
class Sender : public Sends<T, SendingHandle> {
 public:
  using Value = T;
  using Sends<T, SendingHandle>::Sends;
  Sender(const Channel<T>& channel) { this->refer_to(channel); }
  Sender(Channel<T>&& channel) { this->take_over(std::move(channel)); }
};

template <ChannelValue T>
class Receiver : public Receives<T, ReceivingHandle> {
 public:
  using Value = T;
  using Receives<T, ReceivingHandle>::Receives;
  Receiver(const Channel<T>& channel) { this->refer_to(channel); }
  Receiver(Channel<T>&& channel) { this->take_over(std::move(channel)); }
};

// A channel that buffers up to `capacity` values; 0 makes every send meet a receive.
template <ChannelValue T>
Channel<T> make_channel(std::size_t capacity = 0,
                        std::source_location where = std::source_location::current()) {
  return Channel<T>(ChannelCore::make(element_type<T>, capacity, where));
}

// A case of select that receives; `*case` is the value, and a case that did not fire or fired
// because the channel is closed is false.
template <ChannelValue T>
ReceiveCase<T> receive_from(const Receiver<T>& channel,
                            std::source_location where = std::source_location::current()) {
  return ReceiveCase<T>(channel, where);
}
template <ChannelValue T>
ReceiveCase<T> receive_from(const Channel<T>& channel,
                            std::source_location where = std::source_location::current()) {
  return ReceiveCase<T>(channel, where);
}

// A case of select that sends `value`; filled again with case.value(v).
template <ChannelValue T>
SendCase<T> send_to(const Sender<T>& channel, std::type_identity_t<T> value,
                    std::source_location where = std::source_location::current()) {
  return SendCase<T>(channel, std::move(value), where);
}
template <ChannelValue T>
SendCase<T> send_to(const Channel<T>& channel, std::type_identity_t<T> value,
                    std::source_location where = std::source_location::current()) {
  return SendCase<T>(channel, std::move(value), where);
}

}  // namespace weir

#include "weir/sync/channel_batch.h"
