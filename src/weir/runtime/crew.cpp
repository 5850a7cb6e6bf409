#include "weir/runtime/crew.h"

#include <algorithm>
#include <chrono>

namespace weir {
namespace {

constexpr Duration window = std::chrono::microseconds(250);
constexpr Duration settling = std::chrono::microseconds(50);
constexpr Duration hold_min = std::chrono::milliseconds(1);
constexpr Duration hold_max = std::chrono::milliseconds(64);
constexpr Duration hold_step = std::chrono::milliseconds(2);  // has the work become long meanwhile?

// A window that lasted so much longer says nothing: somebody else had the core.
constexpr int stretch_max = 3;

constexpr double units_min = 100;  // in a window, for its rate to say something

// A smaller crew has to win, a larger one may lose a little: where what comes in sets the rate, the
// larger one gets no more done, but sooner.
constexpr double down_at = 1.10;
constexpr double up_at = 0.95;

}  // namespace

void Crew::begin(TimePoint time, std::uint64_t progress) noexcept {
  hold_length_ = hold_min;
  enter(Phase::before, time, progress, window);
}

int Crew::look(TimePoint time, std::uint64_t progress) noexcept {
  const auto lasted = std::max(time - began_, Duration(1));
  const double rate =
      static_cast<double>(progress - progress_) / static_cast<double>(lasted.count());
  const bool usable = lasted <= stretch_max * window;
  const bool few = rate * static_cast<double>(window.count()) < units_min;
  switch (phase_) {
    case Phase::hold:
      if (few) size_ = processors_;
      if (time < hold_until_) {
        enter(Phase::hold, time, progress, std::min(hold_step, hold_until_ - time));
      } else {
        enter(Phase::before, time, progress, window);
      }
      break;
    case Phase::before:
      if (few || !usable) {
        if (few) size_ = processors_;
        enter(Phase::before, time, progress, window);
        break;
      }
      old_rate_ = rate;
      old_size_ = size_;
      size_ = other_size();
      enter(Phase::settle, time, progress, settling);
      break;
    case Phase::settle:
      enter(Phase::after, time, progress, window);
      break;
    case Phase::after:
      if (usable) {
        decide(rate);
      } else {
        size_ = old_size_;
      }
      hold_until_ = time + hold_length_;
      enter(Phase::hold, time, progress, std::min(hold_step, hold_length_));
      break;
  }
  return size_;
}

// Half, one, twice: in turn, but the same again while it is worth it.
int Crew::other_size() noexcept {
  if (processors_ == 1) return 1;
  for (;; try_next()) {
    if (trial_ == Trial::half && size_ > 1) return (size_ + 1) / 2;
    if (trial_ == Trial::one && size_ > 2) return 1;
    if (trial_ == Trial::twice && size_ < processors_) return std::min(2 * size_, processors_);
  }
}

void Crew::try_next() noexcept {
  trial_ = trial_ == Trial::half ? Trial::one : trial_ == Trial::one ? Trial::twice : Trial::half;
}

void Crew::decide(double rate) noexcept {
  if (rate > old_rate_ * (size_ < old_size_ ? down_at : up_at)) {
    hold_length_ = hold_min;
    return;
  }
  size_ = old_size_;
  hold_length_ = std::min(2 * hold_length_, hold_max);
  try_next();
}

void Crew::call_all(TimePoint time, std::uint64_t progress) noexcept {
  size_ = processors_;
  hold_until_ = time + hold_min;
  enter(Phase::hold, time, progress, hold_min);
}

void Crew::enter(Phase phase, TimePoint time, std::uint64_t progress, Duration length) noexcept {
  phase_ = phase;
  began_ = time;
  progress_ = progress;
  due_ = time + length;
}

}  // namespace weir
