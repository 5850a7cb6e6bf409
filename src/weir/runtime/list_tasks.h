// Lists the tasks that stand behind a lock under which nothing may be allocated.
//
// Room is made first, for as many as there are said to be. What comes meanwhile and finds none is
// counted, and the walk begins again with room for twice as many more.

#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include "weir/runtime/task_record.h"

namespace weir {

// What view(task) gives for each task of `source`, which has size(), about, and for_each(look).
// Requires of `view`: it allocates nothing.
template <class Source, class View>
auto list_tasks(Source& source, View view) {
  std::vector<std::invoke_result_t<View&, TaskRecord&>> list;
  std::size_t left_out = 0;
  do {
    list.clear();
    list.reserve(source.size() + 2 * left_out);
    left_out = 0;
    source.for_each([&](TaskRecord& task) {
      if (list.size() < list.capacity()) {
        list.push_back(view(task));
      } else {
        ++left_out;
      }
    });
  } while (left_out > 0);
  return list;
}

}  // namespace weir
