// Where a thread without work sleeps: one word that the kernel can wait on.
//
// An unpark that comes before the park makes it return at once, so no wake-up is lost; several
// unparks count as one. Costs nothing while asleep.

#pragma once

#include <atomic>
#include <cstdint>

#include "weir/base/time.h"

namespace weir {

class Parker {
 public:
  // Sleeps until unpark() or for `timeout`, Duration::max() being for ever. May return early. True
  // if it was unparked.
  bool park(Duration timeout) noexcept;

  // Any thread. The notification is the last touch of the parker's memory, so that it may live on
  // the stack of whoever waits for it. Cost: a system call if the other is asleep, else some
  // nanoseconds.
  void unpark() noexcept;

 private:
  enum : std::uint32_t { empty, parked, notified };

  std::atomic<std::uint32_t> word_ = empty;
};

}  // namespace weir
