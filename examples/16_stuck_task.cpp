// Lesson 16: a task that waits for what cannot come any more is told of at once, unasked.
//
// The rest of the program goes on, so this is no deadlock. But a channel counts its ends: when the
// last Sender goes, a receive that waits can never end. Pass Sender and Receiver to tasks, not
// Channel, and let nobody keep an end that has no use for it. The same task is reported once more
// when the run is over, with all others that are left.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

Task<> add_up(Receiver<int> numbers) {
  int sum = 0;
  while (const auto number = co_await numbers.receive()) sum += *number;
  std::printf("never printed: %d\n", sum);
}

Task<> count(Sender<int> numbers) {
  for (int i = 1; i <= 3; ++i) co_await numbers.send(i);
  // Here numbers.close() is missing.
}

Task<> lesson() {
  auto numbers = make_channel<int>();
  go(add_up, numbers);
  go(count, std::move(numbers));
  for (int second = 1; second <= 3; ++second) {
    co_await sleep(1s);
    std::printf("second %d of the rest\n", second);
  }
}

int main() {
  run_virtual(lesson());
}

// Output:
// second 1 of the rest
// second 2 of the rest
// second 3 of the rest
//
// Errors:
// weir: task 2, started at 16_stuck_task.cpp:27, waits for ever in receive at 16_stuck_task.cpp:16
//     on a channel (made at 16_stuck_task.cpp:26, capacity 0, no sender left, 1 receiver)
// weir: tasks were left at the end of the run:
//   task 2, started at 16_stuck_task.cpp:27, waits in receive at 16_stuck_task.cpp:16
//     on channel 1 (made at 16_stuck_task.cpp:26, capacity 0, no sender left, 1 receiver)
