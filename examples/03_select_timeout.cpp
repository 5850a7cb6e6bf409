// Lesson 3: select waits for whichever of several things happens first.
//
// Cases are named objects, used again in each turn of a loop. Those that are not chosen stay as
// they were: no value is taken, none is lost.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

// Sends the numbers from 1 on, each a while after the last.
Task<> count(int last, Duration pause, Sender<int> out) {
  for (int number = 1; number <= last; ++number) {
    co_await sleep(pause);
    co_await out.send(number);
  }
}

Task<> lesson() {
  auto slow = make_channel<int>();
  auto fast = make_channel<int>();
  go(count(2, 45ms, slow));
  go(count(4, 20ms, fast));

  auto from_slow = receive_from(slow);
  auto from_fast = receive_from(fast);
  auto silence = after(100ms);  // from the start of each select
  for (bool more = true; more;) {
    co_await select(from_slow, from_fast, silence);
    const auto time = static_cast<long long>(now().time_since_epoch() / 1ms);
    if (from_slow) std::printf("%3lld ms  slow %d\n", time, *from_slow);
    if (from_fast) std::printf("%3lld ms  fast %d\n", time, *from_fast);
    if (silence) std::printf("%3lld ms  nothing for 100 ms\n", time);
    more = !silence;
  }

  // try_select does not wait; it is Go's select with a default.
  const int chosen = try_select(from_slow, from_fast);
  std::printf("and now? %d\n", chosen);
}

int main() {
  run_virtual(lesson());  // In virtual time, so that the times are exact.
}

// Output:
//  20 ms  fast 1
//  40 ms  fast 2
//  45 ms  slow 1
//  60 ms  fast 3
//  80 ms  fast 4
//  90 ms  slow 2
// 190 ms  nothing for 100 ms
// and now? -1
