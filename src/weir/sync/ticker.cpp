#include "weir/sync/ticker.h"

#include <algorithm>

#include "weir/base/check.h"

namespace weir {

Ticker::Ticker(Duration period, MissedTick missed) : period_(period), missed_(missed) {
  reset(period);
}

void Ticker::reset(Duration period) {
  WEIR_CHECK(period > Duration::zero(), "a ticker needs a period above zero");
  period_ = period;
  due_ = saturating_add(now(), period);
}

SleepAwaiter Ticker::next(std::source_location where) {
  return SleepAwaiter(advance(), where);
}

TickCase::TickCase(Ticker& ticker, std::source_location where)
    : DeadlineCase(ticker.due(), where), ticker_(ticker) {}

void TickCase::reset() noexcept {
  set_deadline(ticker_.due());
}

bool TickCase::poll() noexcept {
  if (!DeadlineCase::poll()) return false;
  ticker_.advance();
  return true;
}

void TickCase::complete() noexcept {
  ticker_.advance();
}

// The time of this beat; sets that of the one behind it.
TimePoint Ticker::advance() {
  const TimePoint beat = due_;
  const TimePoint time = now();
  switch (missed_) {
    case MissedTick::skip:
      due_ = saturating_add(beat, period_);
      if (due_ <= time) due_ = beat + ((time - beat) / period_ + 1) * period_;
      break;
    case MissedTick::burst:
      due_ = saturating_add(beat, period_);
      break;
    case MissedTick::delay:
      due_ = saturating_add(std::max(beat, time), period_);
      break;
  }
  return beat;
}

}  // namespace weir
