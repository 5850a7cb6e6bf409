// Lesson 13: a test that passes by luck, and the schedule that it fails under.
//
// explore() runs a body under many schedules. When one fails it says what happened, and its token
// gives the same schedule again.

#include <cstdio>
#include <string>

#include "weir/weir.h"

using namespace weir;

// Books an amount: asks what the account holds, then says what it is to hold.
Task<> book(Semaphore& account, int& balance, int amount) {
  co_await account.acquire();
  const int held = balance;
  account.release();
  co_await account.acquire();
  balance = held + amount;
  account.release();
}

Task<> two_bookings() {
  Semaphore account(1);
  int balance = 0;
  WaitGroup all;
  all.go(book(account, balance, 100));
  all.go(book(account, balance, 20));
  co_await all.wait();
  if (balance != 120) throw std::runtime_error("the balance is " + std::to_string(balance));
}

int main() {
  run_virtual(two_bookings());  // In order of arrival it works.
  try {
    explore({.strategy = Explore::exhaustive}, two_bookings);
  } catch (const ExploreFailure& failure) {
    std::printf("%s", failure.what());
  }
}
// Output:
// run 3 failed: the balance is 20
// replay it with WEIR_EXPLORE_TOKEN=path.s0.cBB.h3cec31fa
// the last 11 of 11 events:
//   1. the run starts task 1 at 13_explore.cpp:36
//   2. task 1 starts task 2 at 13_explore.cpp:27
//   3. task 1 starts task 3 at 13_explore.cpp:28
//   4. task 1 parks in wait at 13_explore.cpp:29, object 1
//   5. task 2 is interrupted after acquire at 13_explore.cpp:15, object 2
//   6. task 3 parks in acquire at 13_explore.cpp:15, object 2
//   7. task 2 parks in acquire at 13_explore.cpp:18, object 2
//   8. task 3 parks in acquire at 13_explore.cpp:18, object 2
//   9. task 2 ends
//   10. task 3 ends
//   11. task 1 ends
