#include "weir/runtime/strategy.h"

#include <algorithm>
#include <functional>

namespace weir {

std::size_t RandomStrategy::pick_task(const ReadyTasks& ready) {
  constexpr std::uint64_t operations_max = 4;
  if (ready.interrupted != ReadyTasks::nobody && left_ > 0) {
    --left_;
    return ready.interrupted;
  }
  left_ = random_.below(operations_max + 1);
  return random_.below(ready.tasks.size());
}

PriorityStrategy::PriorityStrategy(RandomKey key, int depth, std::uint64_t steps)
    : random_(key, "explore pct"), fair_after_(10 * steps + 1000) {
  for (int i = 1; i < depth; ++i)
    change_at_.push_back(1 + random_.below(std::max(steps, std::uint64_t{1})));
  std::ranges::sort(change_at_, std::greater());
}

std::int64_t& PriorityStrategy::priority_of(std::uint64_t task) {
  if (task >= priority_.size()) priority_.resize(task + 1);
  if (priority_[task] == 0) priority_[task] = 1 + static_cast<std::int64_t>(random_.next() >> 2);
  return priority_[task];
}

std::size_t PriorityStrategy::pick_task(const ReadyTasks& ready) {
  if (++step_ > fair_after_) return random_.below(ready.tasks.size());
  for (const TaskRecord* task : ready.tasks) priority_of(task->id);
  if (!change_at_.empty() && step_ > change_at_.back()) {
    change_at_.pop_back();
    priority_of(running_) = --lowest_;
  }
  if (ready.yielded != ReadyTasks::nobody) priority_of(running_) = --lowest_;
  const auto highest = std::ranges::max_element(
      ready.tasks, {}, [&](const TaskRecord* task) { return priority_of(task->id); });
  running_ = (*highest)->id;
  return static_cast<std::size_t>(highest - ready.tasks.begin());
}

// One of `count` ways; the plain one, and no way to branch off later, if it is not `open`.
std::uint64_t PathStrategy::take(std::uint64_t count, bool open) {
  if (count < 2) return 0;
  const std::uint64_t ways = open && next_ < bounds_.steps ? count : 1;
  if (next_ == path_.size()) path_.push_back({0, ways});
  Choice& choice = path_[next_++];
  if (choice.count == 0) choice.count = ways;
  if (choice.taken >= ways || choice.count != ways) strayed_ = true;
  return strayed_ ? 0 : choice.taken;
}

// The plain choice is number 0: the interrupted task, else the longest ready one.
std::size_t PathStrategy::pick_task(const ReadyTasks& ready) {
  const std::size_t count = ready.tasks.size();
  if (ready.interrupted != ReadyTasks::nobody) {
    const auto other = static_cast<std::size_t>(take(count, bounds_.preemptions > 0));
    if (other == 0) return ready.interrupted;
    --bounds_.preemptions;
    return other <= ready.interrupted ? other - 1 : other;
  }
  // Who has given way of its own accord, and others are ready, does not go on at once.
  const bool excluded = ready.yielded != ReadyTasks::nobody && count > 1;
  const auto place = static_cast<std::size_t>(take(excluded ? count - 1 : count, true));
  return excluded && place >= ready.yielded ? place + 1 : place;
}

bool PathStrategy::advance(Path& path) {
  while (!path.empty() && path.back().taken + 1 >= path.back().count) path.pop_back();
  if (path.empty()) return false;
  ++path.back().taken;
  return true;
}

}  // namespace weir
