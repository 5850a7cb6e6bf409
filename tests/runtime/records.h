// Tasks that are only stood in lines.

#pragma once

#include <cstddef>
#include <source_location>
#include <vector>

#include "weir/runtime/task_record.h"
#include "weir/runtime/virtual_scheduler.h"

namespace weir {

// Records without coroutines, which a queue only links.
class Records {
 public:
  explicit Records(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      records_.push_back(new TaskRecord(scheduler_, nullptr, std::source_location::current()));
      records_.back()->id = i;
    }
  }
  ~Records() {
    for (TaskRecord* record : records_) {
      record->release();
      record->release();
    }
  }
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;

  TaskRecord& operator[](std::size_t index) { return *records_[index]; }
  std::size_t size() const { return records_.size(); }

 private:
  VirtualScheduler scheduler_{VirtualOptions()};
  std::vector<TaskRecord*> records_;
};

}  // namespace weir
