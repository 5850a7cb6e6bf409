// Notices that one slice of a processor lasts too long, from looks at its count of slices.
//
// A look now and then is enough: what is seen twice with the same count has run at least since the
// first of the two. So a stall is noticed late by at most the time between looks, never early.

#pragma once

#include <cstdint>

#include "weir/base/time.h"

namespace weir {

class StallWatch {
 public:
  // True once for each slice that has lasted for `limit`. `excused`: the slice is one that may last
  // (a stated hold, or no slice at all), and what it has taken so far does not count.
  bool look(std::uint64_t slices, bool excused, TimePoint time, Duration limit) noexcept {
    if (excused || slices != slices_ || since_ == time_never) {
      told_ = told_ && slices == slices_;
      slices_ = slices;
      since_ = time;
    }
    if (told_ || time - since_ < limit) return false;
    told_ = true;
    return true;
  }

  // The processor sleeps: what is seen next has not lasted yet, though the count is the same.
  void sleep() noexcept { since_ = time_never; }

  // Since when the slice is known to last.
  TimePoint since() const noexcept { return since_; }

 private:
  std::uint64_t slices_ = 0;
  TimePoint since_ = time_never;  // time_never: not looked yet
  bool told_ = false;
};

}  // namespace weir
