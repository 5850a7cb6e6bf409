#include "weir/runtime/chooser.h"

#include <utility>

namespace weir {

TaskRecord& DrawnChooser::take(std::vector<TaskRecord*>& ready) {
  std::swap(ready[order_.below(ready.size())], ready.back());
  TaskRecord& task = *ready.back();
  ready.pop_back();
  return task;
}

int DrawnChooser::budget() {
  constexpr std::uint64_t budget_max = 4;
  return static_cast<int>(order_.below(budget_max + 1));
}

}  // namespace weir
