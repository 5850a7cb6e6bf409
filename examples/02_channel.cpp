// Lesson 2: a channel hands values from task to task, in order, and says when no more will come.
//
// With a capacity of 0 a send completes when somebody receives; with n, sends run n values ahead.

#include <cstdio>
#include <memory>
#include <utility>

#include "weir/weir.h"

using namespace weir;

Task<> count_to(int last, Sender<int> out) {
  for (int number = 1; number <= last; ++number) {
    co_await out.send(number);
    std::printf("sent %d\n", number);
  }
  out.close();
}

Task<> lesson() {
  std::printf("a meeting:\n");
  auto meeting = make_channel<int>();
  go(count_to(2, meeting));
  while (auto number = co_await meeting.receive()) std::printf("  received %d\n", *number);

  std::printf("one ahead:\n");
  auto buffered = make_channel<int>(1);
  go(count_to(2, buffered));
  while (auto number = co_await buffered.receive()) std::printf("  received %d\n", *number);

  auto box = make_channel<std::unique_ptr<int>>(1);
  auto first = std::make_unique<int>(7);
  auto second = std::make_unique<int>(8);
  const bool sent = box.try_send(first);    // never waits
  const bool full = !box.try_send(second);  // so it stays mine
  std::printf("first sent: %d, box full: %d, still mine: %d\n", sent, full, *second);
  box.close();
  auto seven = box.try_receive();  // what is buffered is still received
  auto none = box.try_receive();
  std::printf("received %d, then closed: %d\n", **seven, none.error() == Closed);
}

int main() {
  run_virtual(lesson());  // One thread and a fixed order, so that the output is always the same.
}

// Output:
// a meeting:
// sent 1
//   received 1
//   received 2
// sent 2
// one ahead:
// sent 1
// sent 2
//   received 1
//   received 2
// first sent: 1, box full: 1, still mine: 8
// received 7, then closed: 1
