// Lesson 17: what all tasks are doing, asked of the running program.
//
// dump_tasks(stream) shows where each task was started, in what it waits, where, on what, and for
// how long; tasks in the same place are one entry. A program that runs in real time also shows it
// on standard error when it gets SIGQUIT (Ctrl-\), and goes on.

#include <iostream>

#include "weir/weir.h"

using namespace weir;

Task<> serve(Receiver<int> requests) {
  while (const auto request = co_await requests.receive()) co_await sleep(1min);
}

Task<> tick() {
  set_task_name("ticker");
  for (;;) co_await sleep(500ms);
}

Task<> lesson() {
  const auto requests = make_channel<int>();
  for (int i = 0; i < 100; ++i) go(serve, requests);
  go(tick);
  co_await requests.send(1);
  co_await sleep(12'350ms);
  dump_tasks(std::cout);
  requests.close();
}

int main() {
  run_virtual(lesson(), {.on_leak = OnLeak::ignore});
}

// Output:
// 102 tasks: 1 running, 0 ready, 101 parked
//   99 tasks (3, 4, 5, …), started at 17_dump.cpp:24, wait in receive at 17_dump.cpp:14 for 12 s
//     on channel 1 (made at 17_dump.cpp:23, capacity 0, 1 sender, 101 receivers)
//   task 1, started at 17_dump.cpp:33, running
//   task 2, started at 17_dump.cpp:24, waits in sleep at 17_dump.cpp:14 for 12 s
//   task 102 'ticker', started at 17_dump.cpp:25, waits in sleep at 17_dump.cpp:19 for 350 ms
