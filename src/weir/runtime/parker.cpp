#include "weir/runtime/parker.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace weir {
namespace {

long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* timeout) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  return syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
}

timespec to_timespec(Duration duration) noexcept {
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  timespec result{};
  result.tv_sec = static_cast<std::time_t>(duration.count() / nanoseconds);
  result.tv_nsec = static_cast<long>(duration.count() % nanoseconds);
  return result;
}

}  // namespace

bool Parker::park(Duration timeout) noexcept {
  std::uint32_t expected = empty;
  if (word_.compare_exchange_strong(expected, parked, std::memory_order_acquire)) {
    if (timeout == Duration::max()) {
      futex(word_, FUTEX_WAIT, parked, nullptr);
    } else if (timeout > Duration::zero()) {
      const timespec limit = to_timespec(timeout);
      futex(word_, FUTEX_WAIT, parked, &limit);
    }
  }
  return word_.exchange(empty, std::memory_order_acquire) == notified;
}

void Parker::unpark() noexcept {
  if (word_.exchange(notified, std::memory_order_release) == parked) {
    futex(word_, FUTEX_WAKE, 1, nullptr);
  }
}

}  // namespace weir
