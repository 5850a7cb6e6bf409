// The timer queue against a plain sorted list.

#include "weir/runtime/timer_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/random.h"
#include "weir/runtime/task_record.h"

namespace weir {
namespace {

struct Numbered final : Timer {
  void expire(WakeList&) noexcept override {}
  void drop() noexcept override { dropped = true; }
  int number = 0;
  bool dropped = false;
};

TimePoint at(std::int64_t nanoseconds) {
  return TimePoint(Duration(nanoseconds));
}

TEST(TimerQueue, IsEmptyAtFirst) {
  TimerQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next_deadline(), time_never);
}

TEST(TimerQueue, FiresEqualDeadlinesInOrderOfArrival) {
  std::deque<Numbered> timers(100);
  TimerQueue queue;
  for (int i = 0; i < 100; ++i) {
    auto& timer = timers[static_cast<std::size_t>(i)];
    timer.number = i;
    timer.set_deadline(at(5));
    queue.add(timer);
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(static_cast<Numbered&>(queue.pop()).number, i);
}

TEST(TimerQueue, RemovesATimerOnce) {
  Numbered timer;
  TimerQueue queue;
  queue.add(timer);
  EXPECT_TRUE(queue.remove(timer));
  EXPECT_FALSE(queue.remove(timer));
  EXPECT_TRUE(queue.empty());
}

TEST(TimerQueue, StopsATimerThatIsArmedTwice) {
  Numbered timer;
  TimerQueue queue;
  queue.add(timer);
  EXPECT_DEATH(queue.add(timer), "armed twice");
}

TEST(TimerQueue, TellsTimersThatTheyAreDropped) {
  std::deque<Numbered> timers(10);
  TimerQueue queue;
  for (Numbered& timer : timers) queue.add(timer);
  queue.drop_all();
  EXPECT_TRUE(queue.empty());
  for (const Numbered& timer : timers) EXPECT_TRUE(timer.dropped);
}

// Adds, removes and pops at random; the model is a set ordered by deadline and time of arrival. Of
// each ten steps `pops` pop; deadlines are up to 2^bits after the one popped last, or before it.
void agree(std::uint64_t seed, std::size_t count, int steps, std::uint64_t pops, unsigned bits) {
  Random random({seed, 0}, "timer queue test");
  std::deque<Numbered> timers(count);
  TimerQueue queue;
  using Key = std::pair<std::pair<TimePoint, int>, Numbered*>;
  std::set<Key> model;
  std::vector<Key> keys(timers.size());
  TimePoint last{};
  for (int step = 0; step < steps; ++step) {
    const auto index = static_cast<std::size_t>(random.below(timers.size()));
    Numbered& timer = timers[index];
    const auto action = random.below(10);
    if (action < pops && !model.empty()) {
      const Key first = *model.begin();
      ASSERT_EQ(&queue.pop(), first.second);
      last = first.first.first;
      model.erase(model.begin());
    } else if (timer.slot != Timer::unqueued) {
      ASSERT_TRUE(queue.remove(timer));
      ASSERT_EQ(model.erase(keys[index]), 1u);
    } else {
      const std::uint64_t range = std::uint64_t{1} << random.below(bits + 1);
      const auto after = static_cast<std::int64_t>(random.below(range));
      timer.set_deadline(last + Duration(random.below(8) == 0 ? -after : after));
      keys[index] = {{timer.deadline(), step}, &timer};
      model.insert(keys[index]);
      queue.add(timer);
    }
    ASSERT_EQ(queue.size(), model.size());
    const TimePoint expected = model.empty() ? time_never : model.begin()->first.first;
    ASSERT_EQ(queue.next_deadline(), expected);
  }
  queue.drop_all();
}

TEST(TimerQueue, AgreesWithASortedList) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    agree(seed, 200, 5'000, 1, 5);
  }
}

TEST(TimerQueue, AgreesWithASortedListOfMany) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    for (const unsigned bits : {3U, 12U, 30U, 50U}) {
      SCOPED_TRACE(std::to_string(seed) + ", " + std::to_string(bits));
      agree(seed, 5'000, 30'000, 1, bits);
      agree(seed, 20'000, 60'000, 4, bits);
    }
  }
}

TEST(TimerQueue, KeepsItsOrderFromTheFirstDeadlineToTheLast) {
  std::deque<Numbered> timers(1'000);
  TimerQueue queue;
  for (std::size_t i = 0; i < timers.size(); ++i) {
    const bool late = i % 2 == 0;
    timers[i].set_deadline(late ? TimePoint::max() : TimePoint::min());
    timers[i].number = static_cast<int>(i);
    queue.add(timers[i]);
  }
  for (std::size_t i = 0; i < timers.size(); ++i) {
    const std::size_t expected = i < 500 ? 2 * i + 1 : 2 * (i - 500);
    ASSERT_EQ(static_cast<Numbered&>(queue.pop()).number, static_cast<int>(expected));
  }
}

}  // namespace
}  // namespace weir
