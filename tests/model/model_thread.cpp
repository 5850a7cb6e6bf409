#include "tests/model/model_thread.h"

#include <algorithm>
#include <vector>

namespace weir::model {
namespace {

using Schedule = std::vector<std::size_t>;

// Runs one schedule: `prefix` first, then whoever goes on without a switch. Adds what else could
// have been done after the prefix to `others`.
void run_schedule(World& world, const Schedule& prefix, int preemptions,
                  std::vector<Schedule>& others) {
  std::deque<Thread>& threads = world.threads();
  Schedule taken;
  std::size_t current = threads.size();
  for (;;) {
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      if (threads[i].can_go_on()) able.push_back(i);
    }
    if (able.empty()) break;
    const auto place = std::ranges::find(able, current);
    const bool goes_on = place != able.end();
    if (goes_on) std::iter_swap(able.begin(), place);
    std::size_t next = able[0];
    if (taken.size() < prefix.size()) {
      next = prefix[taken.size()];
      if (goes_on && next != current) --preemptions;
    } else if (!goes_on || preemptions > 0) {
      for (std::size_t i = 1; i < able.size(); ++i) {
        others.push_back(taken);
        others.back().push_back(able[i]);
      }
    }
    taken.push_back(next);
    current = next;
    threads[next].go_on();
  }
  world.check_end();
}

}  // namespace

Verdict try_schedules(const std::function<std::unique_ptr<World>()>& make, int preemptions,
                      std::uint64_t schedules_max) {
  Verdict verdict;
  std::vector<Schedule> open = {{}};
  while (!open.empty() && verdict.schedules < schedules_max) {
    const Schedule prefix = std::move(open.back());
    open.pop_back();
    ++verdict.schedules;
    const std::unique_ptr<World> world = make();
    try {
      run_schedule(*world, prefix, preemptions, open);
    } catch (const Bug& bug) {
      verdict.bug = bug.what();
      return verdict;
    }
  }
  verdict.exhausted = open.empty();
  return verdict;
}

}  // namespace weir::model
