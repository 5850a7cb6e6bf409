// readable(fd), writable(fd): waits until a file descriptor can be read from or written to.
//
//   for (;;) {
//     const ssize_t got = ::read(socket, buffer, size);
//     if (got >= 0 || errno != EAGAIN) break;
//     co_await readable(socket);
//   }
//
// The descriptor should be non-blocking: ready says that a call is worth a try, which may still
// find that another task was faster. Errors and the far end's hanging up count as ready, and the
// call says which. Plain files are always ready. A descriptor that is not open is a bug and stops
// the program, and it must not be closed while a task waits for it. Any number of tasks may wait
// for one.
//
// In real time only: in virtual time the world outside has no place, and a wait stops the program.
// A task that waits so is no deadlock. Cost: one poll(2) if the descriptor is ready, else a change
// of thread and some system calls, about 10 us.

#pragma once

#include <source_location>
#include <string>

#include "weir/runtime/descriptor_poller.h"
#include "weir/sync/case_awaiter.h"
#include "weir/sync/until_cancelled.h"

namespace weir {

// A case of select: fires when the descriptor is ready.
class DescriptorCase final : public Case, private DescriptorWait {
 public:
  DescriptorCase(int descriptor, Readiness wanted, std::source_location where)
      : Case(where), DescriptorWait(descriptor, wanted) {}

  // True if the last select picked the case.
  explicit operator bool() const noexcept { return chosen(); }

 private:
  bool poll() noexcept override;
  Enrolled enroll(WakeList& wakes) noexcept override;
  void withdraw() noexcept override;
  void on_ready(WakeList& wakes) noexcept override;
  const char* verb() const noexcept override {
    return wanted() == Readiness::read ? "readable" : "writable";
  }
  WaitedFor describe() const override {
    return {
        .verb = verb(), .where = where(), .state = "descriptor " + std::to_string(descriptor())};
  }
};

inline DescriptorCase when_readable(int descriptor,
                                    std::source_location where = std::source_location::current()) {
  return DescriptorCase(descriptor, Readiness::read, where);
}
inline DescriptorCase when_writable(int descriptor,
                                    std::source_location where = std::source_location::current()) {
  return DescriptorCase(descriptor, Readiness::write, where);
}

using DescriptorAwaiter = CaseAwaiter<DescriptorCase>;

inline DescriptorAwaiter readable(int descriptor,
                                  std::source_location where = std::source_location::current()) {
  return DescriptorAwaiter(where, descriptor, Readiness::read);
}
inline DescriptorAwaiter writable(int descriptor,
                                  std::source_location where = std::source_location::current()) {
  return DescriptorAwaiter(where, descriptor, Readiness::write);
}

using ContextDescriptor = UntilCancelled<DescriptorCase>;

// The same until `context` is cancelled, which wins if both are there; true if the descriptor is
// ready.
inline ContextDescriptor readable(const Context& context, int descriptor,
                                  std::source_location where = std::source_location::current()) {
  return ContextDescriptor(context, where, descriptor, Readiness::read);
}
inline ContextDescriptor writable(const Context& context, int descriptor,
                                  std::source_location where = std::source_location::current()) {
  return ContextDescriptor(context, where, descriptor, Readiness::write);
}

}  // namespace weir
