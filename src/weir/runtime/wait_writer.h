// Writes what a task waits for, where and on what; numbers objects in order of appearance.

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "weir/runtime/task_record.h"
#include "weir/runtime/waited_for.h"

namespace weir {

class WaitWriter {
 public:
  // `objects`: also on what. Only while no task runs that could change it.
  explicit WaitWriter(bool objects = true) : objects_(objects) {}

  // Adds "receive at file:line" and `more`, then on lines of their own what is waited on and each
  // case of a select. The last line is not ended.
  void append(std::string& text, const Wait& wait, const std::string& more = {});

 private:
  std::string name_of(const WaitedFor& thing);
  std::uint64_t number_of(const WaitedFor& thing);

  const bool objects_;
  std::map<const void*, std::uint64_t> numbers_;
  std::map<std::string, std::uint64_t> last_;  // number given, for each kind
};

}  // namespace weir
