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

// How much better a smaller crew has to be: more where there is a larger one, less where it is
// there already.
constexpr double to_shrink = 1.10;
constexpr double to_stay_small = 1.05;
constexpr double same_rate = 0.95;
constexpr double load_max = 0.8;  // beyond, a crew has no time to spare

}  // namespace

void Crew::begin(TimePoint time, const Work& done) noexcept {
  hold_length_ = hold_min;
  enter(Phase::before, time, done, window);
}

int Crew::look(TimePoint time, const Work& done) noexcept {
  const Duration lasted = std::max(time - began_, Duration(1));
  // The sum is read while its parts are written: little progress may look like a step back.
  const auto units = static_cast<double>(std::max(done.units, done_.units) - done_.units);
  const auto busy = static_cast<double>((done.busy - done_.busy).count());
  const auto nanoseconds = static_cast<double>(lasted.count());
  const Pace pace = {.rate = units / nanoseconds,
                     .cost = busy / std::max(units, 1.0),
                     .load = busy / nanoseconds / size_};
  const bool usable = lasted <= stretch_max * window;
  const bool few = lasted >= window && pace.rate * static_cast<double>(window.count()) < units_min;
  switch (phase_) {
    case Phase::hold:
      if (few) size_ = processors_;
      if (time < hold_until_) {
        enter(Phase::hold, time, done, std::min(hold_step, hold_until_ - time));
      } else {
        enter(Phase::before, time, done, window);
      }
      break;
    case Phase::before:
      if (few || !usable) {
        if (few) size_ = processors_;
        enter(Phase::before, time, done, window);
        break;
      }
      old_pace_ = pace;
      old_size_ = size_;
      size_ = other_size();
      enter(Phase::settle, time, done, settling);
      break;
    case Phase::settle:
      enter(Phase::after, time, done, window);
      break;
    case Phase::after:
      if (usable) {
        decide(pace);
      } else {
        size_ = old_size_;
      }
      hold_until_ = time + hold_length_;
      enter(Phase::hold, time, done, std::min(hold_step, hold_length_));
      break;
  }
  return size_;
}

bool Crew::is_better(const Pace& small, const Pace& large, double margin) noexcept {
  if (small.rate > margin * large.rate) return true;
  return small.rate > same_rate * large.rate && small.load < load_max &&
         small.cost * margin < large.cost;
}

void Crew::decide(const Pace& pace) noexcept {
  const bool changes = size_ < old_size_ ? is_better(pace, old_pace_, to_shrink)
                                         : !is_better(old_pace_, pace, to_stay_small);
  if (changes) {
    hold_length_ = hold_min;
    return;
  }
  size_ = old_size_;
  hold_length_ = std::min(2 * hold_length_, hold_max);
  try_next();
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

void Crew::call_all(TimePoint time, const Work& done) noexcept {
  size_ = processors_;
  hold_until_ = time + hold_min;
  enter(Phase::hold, time, done, hold_min);
}

void Crew::enter(Phase phase, TimePoint time, const Work& done, Duration length) noexcept {
  phase_ = phase;
  began_ = time;
  done_ = done;
  due_ = time + length;
}

}  // namespace weir
