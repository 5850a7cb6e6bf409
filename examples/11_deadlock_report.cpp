// Lesson 11: tasks that wait for ever are found, and the report says where.
//
// When all tasks are parked and nothing can wake one, run() and run_virtual() throw Deadlock. Its
// text names each task: where it was started, and what it waits for, where and on what.

#include <cstdio>
#include <string>

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

// The text with file names instead of paths.
std::string without_folders(std::string text) {
  for (auto slash = text.rfind('/'); slash != std::string::npos; slash = text.rfind('/')) {
    const auto begin = text.find_last_of(" \n", slash) + 1;
    text.erase(begin, slash + 1 - begin);
  }
  return text;
}

int main() {
  try {
    run(lesson());
  } catch (const Deadlock& deadlock) {
    std::printf("%s", without_folders(deadlock.what()).c_str());
  }
}

// Output:
// deadlock: all 2 tasks are asleep and nothing can wake one
//   task 1, started at 11_deadlock_report.cpp:42, waits in send at 11_deadlock_report.cpp:24
//     on channel 1 (made at 11_deadlock_report.cpp:21, capacity 0, 1 sender, 2 receivers)
//   task 2, started at 11_deadlock_report.cpp:23, waits in send at 11_deadlock_report.cpp:14
//     on channel 2 (made at 11_deadlock_report.cpp:22, capacity 0, 2 senders, 1 receiver)
