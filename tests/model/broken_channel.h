// Channels with one mistake each, as people make them, for explore() to find.
//
// Made of weir's own parts, so that what is found is a mistake in their use. Without the mistake
// they are right, and explore() has to find nothing.

#pragma once

#include <deque>
#include <optional>

#include "weir/weir.h"

namespace weir::model {

// An unbounded queue: a lock, a list, and a bell that is rung when somebody waits.
//
// The mistake: it looks whether there is something before it takes the lock, and not again. A send
// between the look and the lock sees nobody waiting and does not ring.
class BellQueue {
 public:
  explicit BellQueue(bool broken) : broken_(broken) {}

  Task<> send(int value) {
    co_await lock_.acquire();
    items_.push_back(value);
    const bool rings = waiting_ > 0;
    if (rings) --waiting_;
    lock_.release();
    if (rings) co_await bell_.send(true);
  }

  Task<int> receive() {
    for (;;) {
      const bool seemed_empty = items_.empty();
      co_await lock_.acquire();
      const bool empty = broken_ ? seemed_empty : items_.empty();
      if (!empty && !items_.empty()) {
        const int value = items_.front();
        items_.pop_front();
        lock_.release();
        co_return value;
      }
      ++waiting_;
      lock_.release();
      co_await bell_.receive();
    }
  }

 private:
  const bool broken_;
  Semaphore lock_{1};
  std::deque<int> items_;
  int waiting_ = 0;
  Channel<bool> bell_ = make_channel<bool>();
};

// Receives until `context` is cancelled.
//
// The mistake: it asks the context after it has received, and drops the value that it has.
inline Task<std::optional<int>> receive_until(Channel<int> channel, Context context, bool broken) {
  auto value = receive_from(channel);
  auto end = done(context);
  co_await select(value, end);
  if (broken && context.cancelled()) co_return std::nullopt;
  if (!value) co_return std::nullopt;
  co_return *value;
}

// Two locks, taken in two orders.
class TwoLocks {
 public:
  explicit TwoLocks(bool broken) : broken_(broken) {}

  Task<> forwards() { return take_both(a_, b_); }
  Task<> backwards() { return broken_ ? take_both(b_, a_) : take_both(a_, b_); }

 private:
  static Task<> take_both(Semaphore& first, Semaphore& second) {
    co_await first.acquire();
    co_await second.acquire();
    second.release();
    first.release();
  }

  const bool broken_;
  Semaphore a_{1};
  Semaphore b_{1};
};

}  // namespace weir::model
