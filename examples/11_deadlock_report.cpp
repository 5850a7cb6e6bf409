// Lesson 11: tasks that wait for ever are found, and the report says where.
//
// When all tasks are parked and nothing can wake one, run() and run_virtual() throw Deadlock. Its
// text names each task: where it was started, and what it waits for, where and on what.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

Task<> doubler(Receiver<int> jobs, Sender<int> results) {
  while (auto job = co_await jobs.receive()) co_await results.send(*job * 2);
}

// Sends all jobs before it looks at a result. The doubler, meanwhile, cannot get rid of its first
// result: each waits for the other. A results channel with room for three would do, or a task of
// its own for sending.
Task<> lesson() {
  auto jobs = make_channel<int>();
  auto results = make_channel<int>();
  go(doubler(jobs, results));
  for (int job = 1; job <= 3; ++job) co_await jobs.send(job);
  for (int job = 1; job <= 3; ++job) {
    auto result = co_await results.receive();
    std::printf("%d\n", *result);
  }
}

int main() {
  try {
    run(lesson());
  } catch (const Deadlock& deadlock) {
    std::printf("%s", deadlock.what());
  }
}

// Output:
// deadlock: all 2 tasks are asleep and nothing can wake one
//   task 1, started at 11_deadlock_report.cpp:32, waits in send at 11_deadlock_report.cpp:23
//     on channel 1 (made at 11_deadlock_report.cpp:20, capacity 0, 1 sender, 2 receivers)
//   task 2, started at 11_deadlock_report.cpp:22, waits in send at 11_deadlock_report.cpp:13
//     on channel 2 (made at 11_deadlock_report.cpp:21, capacity 0, 2 senders, 1 receiver)
