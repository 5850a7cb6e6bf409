// work() on a ThreadScheduler: computes on the thread of the processor, whose ready tasks others
// may steal meanwhile, and keeps account of what that took. Looking at the clocks costs a
// microsecond, so short computations are left out of the account.

#include "weir/runtime/clock.h"
#include "weir/runtime/computation.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {
namespace {

constexpr Duration accounted_min = std::chrono::microseconds(100);

void add(Counter& counter, Duration duration) noexcept {
  counter.add(static_cast<std::uint64_t>(duration.count()));
}

}  // namespace

bool ThreadScheduler::hold_processor(Timer&, Duration duration) noexcept {
  Processor& self = own();
  call_crew();
  if (TaskRecord* next = self.take_next()) {
    push_local(self, *next);  // It would wait for the whole computation; let others have it.
  }
  self.holding.store(true, std::memory_order_relaxed);
  self.work(duration);
  self.holding.store(false, std::memory_order_relaxed);
  return false;
}

void ThreadScheduler::Processor::work(Duration duration) noexcept {
  const std::uint64_t rounds = computing_rate().rounds_in(duration);
  if (duration < accounted_min) {
    compute(rounds);
    return;
  }
  const TimePoint begin = steady_now();
  const Duration before = processor_time();
  compute(rounds);
  add(work_processor_ns, processor_time() - before);
  add(work_clock_ns, steady_now() - begin);
  add(work_ns, duration);
}

}  // namespace weir
