// A count that one thread writes and any thread may read: no locked instruction, no lost update.

#pragma once

#include <atomic>
#include <cstdint>

namespace weir {

class Counter {
 public:
  // Owner only.
  void add(std::uint64_t more = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  void subtract(std::uint64_t less = 1) noexcept { add(0 - less); }

  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace weir
