// The last events of a run in virtual time, and one number for all of them.
//
// An event is what became of one slice of a task, the start of a task, or a move of the clock. The
// number is equal for two runs in which the same tasks did the same things at the same times; it
// knows no addresses and no lines of source.

#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <vector>

#include "weir/base/sequence_hash.h"
#include "weir/base/time.h"

namespace weir {

struct Event {
  enum class What : std::uint8_t { started, parked, interrupted, yielded, ended, time_moved };

  What what = What::started;
  std::uint64_t task = 0;
  std::uint64_t by = 0;             // of started: the task that did it, 0 for the root
  const char* verb = "";            // of the operation it parked in or was interrupted after
  std::source_location where = {};  // of the operation, or of the start
  TimePoint time{};                 // of time_moved
  const void* object = nullptr;     // of the operation, null if it has none or several
};

class EventLog {
 public:
  // Keeps the last `kept` events.
  explicit EventLog(std::size_t kept) : kept_(kept) {}

  void add(const Event& event);

  std::uint64_t hash() const { return hash_.value(); }
  std::uint64_t count() const { return count_; }

  // One line for each event that is kept, in order.
  std::string text() const;

  // Their objects, by first appearance: the text calls the first "object 1".
  std::vector<const void*> objects() const;

 private:
  std::uint64_t first_kept() const { return count_ - ring_.size(); }

  std::size_t kept_;
  std::uint64_t count_ = 0;
  SequenceHash hash_;
  std::vector<Event> ring_;
};

// "1500us": the largest unit in which the number is whole.
std::string spell_exactly(Duration duration);

}  // namespace weir
