// One thing that a task waits for, in words: what the reports of deadlocks, leaks and dumps show.
//
// A plain wait has one, a select one for each case. Objects have no numbers of their own, which
// would cost something where they are made: a report numbers them in order of appearance, so the
// same run gives the same text.

#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <vector>

namespace weir {

struct WaitedFor {
  const char* verb = "";  // "receive", "after"; of static duration
  std::source_location where{};
  const void* object = nullptr;  // to tell one from another; null where it has no identity
  const char* kind = "";         // of the object: "channel", "wait group"; empty: it is not named
  std::uint64_t number = 0;      // of the object among its kind; 0: the report gives it one
  std::string state{};           // of the object: "made at …, capacity 4, empty"; may be empty
};

// "file.cpp:12".
std::string spell_place(std::source_location place);

}  // namespace weir
