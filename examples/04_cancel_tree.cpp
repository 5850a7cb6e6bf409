// Lesson 4: a context says when to stop. Contexts form a tree: cancelling one cancels all below.
//
// Cancellation is a value to look at or to wait for, never an exception. Whoever waits with a
// context hears of it at once; nobody is interrupted in the middle of something.

#include <cstdio>
#include <string>

#include "weir/weir.h"

using namespace weir;

// Works in steps until its context ends, and says why it did.
Task<> work_in_steps(Context context, std::string name) {
  int steps = 0;
  for (;;) {
    const bool rested = co_await sleep(context, 10ms);  // false: the context ended the sleep
    if (!rested) break;
    ++steps;
  }
  const auto time = static_cast<long long>(now().time_since_epoch() / 1ms);
  const Cause cause = context.cause();
  std::printf("%2lld ms  %-14s %d steps, then: %s%s\n", time, name.c_str(), steps,
              to_string(cause.reason), cause.text.c_str());
}

Task<> lesson() {
  auto [service, stop_service] = with_cancel(background());
  auto [request, end_request] = with_timeout(service, 25ms);
  auto [lookup, end_lookup] = with_cancel(request);

  WaitGroup all;
  all.go(work_in_steps, service, std::string("service"));
  all.go(work_in_steps, request, std::string("request"));
  all.go(work_in_steps, lookup, std::string("lookup"));
  all.go(work_in_steps, with_timeout(lookup, 1h).context, std::string("lookup's child"));

  co_await sleep(15ms);
  end_lookup(Cause(Reason::cancelled, ", found elsewhere"));  // the request goes on
  co_await sleep(30ms);
  stop_service();
  co_await all.wait();
}

int main() {
  run_virtual(lesson());
}

// Output:
// 15 ms  lookup         1 steps, then: cancelled, found elsewhere
// 15 ms  lookup's child 1 steps, then: cancelled, found elsewhere
// 25 ms  request        2 steps, then: deadline passed
// 45 ms  service        4 steps, then: cancelled
