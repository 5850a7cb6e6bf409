#include "weir/runtime/descriptor_poller.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "weir/base/check.h"
#include "weir/runtime/signals_blocked.h"
#include "weir/runtime/spare_threads.h"

namespace weir {
namespace {

constexpr std::uint32_t ends = EPOLLHUP | EPOLLERR;  // ready for both: the next call says why

const char* const not_open =
    "readable() or writable() of a file descriptor that is not open; was it closed too early?";

}  // namespace

DescriptorPoller::DescriptorPoller(Scheduler& scheduler, SpareThreads& threads)
    : scheduler_(scheduler),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      ending_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = ending_;
  const bool made = epoll_ >= 0 && ending_ >= 0 &&
                    epoll_ctl(epoll_, EPOLL_CTL_ADD, ending_, &event) == 0 && threads.start(*this);
  WEIR_CHECK(made, "the system gives no descriptor or thread to wait for descriptors with");
}

DescriptorPoller::~DescriptorPoller() {
  close(epoll_);
  close(ending_);
}

bool DescriptorPoller::is_ready(const DescriptorWait& wait) noexcept {
  pollfd asked{};
  asked.fd = wait.descriptor_;
  asked.events = wait.wanted_ == Readiness::read ? POLLIN : POLLOUT;
  const bool answered = ::poll(&asked, 1, 0) > 0;
  WEIR_CHECK(asked.fd >= 0 && (asked.revents & POLLNVAL) == 0, not_open);
  return answered;
}

// Registers the descriptor, which has waiters, for one event. False if it cannot be waited for.
bool DescriptorPoller::arm(int descriptor, Watched& watched) noexcept {
  epoll_event event{};
  event.events = EPOLLONESHOT;
  if (!watched.readers.empty()) event.events |= EPOLLIN | EPOLLRDHUP;
  if (!watched.writers.empty()) event.events |= EPOLLOUT;
  event.data.fd = descriptor;
  // Closing takes a descriptor out, and its number may have come back since.
  if (watched.registered && epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) return true;
  watched.registered =
      epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0 ||
      (errno == EEXIST && epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0);
  WEIR_CHECK(watched.registered || errno == EPERM, not_open);
  return watched.registered;
}

bool DescriptorPoller::watch(DescriptorWait& wait) noexcept {
  const std::lock_guard guard(lock_);
  Watched& watched = watched_[wait.descriptor_];
  (wait.wanted_ == Readiness::read ? watched.readers : watched.writers).push_back(wait);
  scheduler_.add_hold();
  if (arm(wait.descriptor_, watched)) return true;
  wait.unlink();
  scheduler_.remove_hold();
  return false;
}

void DescriptorPoller::unwatch(DescriptorWait& wait) noexcept {
  {
    const std::lock_guard guard(lock_);
    if (!wait.linked()) return;
    wait.unlink();
  }
  scheduler_.remove_hold();
}

void DescriptorPoller::end() noexcept {
  const std::uint64_t one = 1;
  const bool told = write(ending_, &one, sizeof(one)) == sizeof(one);
  WEIR_CHECK(told, "the thread that waits for descriptors cannot be told to end");
}

// Claims those for whom the event is; the result is their number.
int DescriptorPoller::serve(int descriptor, std::uint32_t events, WakeList& wakes) noexcept {
  const std::lock_guard guard(lock_);
  Watched& watched = watched_[descriptor];
  int served = 0;
  const auto serve_all = [&](List<DescriptorWait>& waits) {
    while (DescriptorWait* wait = waits.pop_front()) {
      wait->on_ready(wakes);
      ++served;
    }
  };
  if ((events & (EPOLLIN | EPOLLRDHUP | ends)) != 0) serve_all(watched.readers);
  if ((events & (EPOLLOUT | ends)) != 0) serve_all(watched.writers);
  if (!watched.readers.empty() || !watched.writers.empty()) arm(descriptor, watched);
  return served;
}

void DescriptorPoller::run_on_thread() noexcept {
  const SignalsBlocked signals_blocked;
  std::array<epoll_event, 64> events{};
  for (;;) {
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == ending_) return;
      WakeList wakes;
      int served = serve(event.data.fd, event.events, wakes);
      wakes.make_ready();
      for (; served > 0; --served) scheduler_.remove_hold();  // After the push; see settle().
    }
  }
}

}  // namespace weir
