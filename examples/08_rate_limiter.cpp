// Lesson 8: a rate limiter. Four requests a second may pass, and up to two at once.
//
// Two clients share the limiter: no matter who asks, each token is given once, in the order of
// asking. In virtual time the seconds below take microseconds, and the times are exact.

#include <cstdio>

#include "weir/pool.h"
#include "weir/weir.h"

using namespace weir;

Task<> client(const char* name, pool::RateLimiter limiter, Context context) {
  for (int request = 1;; ++request) {
    const bool granted = co_await limiter.acquire(context);
    const auto time = static_cast<long long>(now().time_since_epoch() / 1ms);
    if (!granted) {
      std::printf("%5lld ms  %s gives up\n", time, name);
      co_return;
    }
    std::printf("%5lld ms  %s sends request %d\n", time, name, request);
  }
}

Task<> lesson() {
  auto [context, cancel] = with_timeout(background(), 1200ms);
  const pool::RateLimiter limiter({.tokens = 4, .per = 1s, .burst = 2});
  TaskGroup clients(context);
  clients.go(client, "a", limiter, context);
  clients.go(client, "b", limiter, context);
  co_await clients.wait();

  // Both gave up before their deadline, since the next token would have come after it.
  const bool granted = co_await limiter.try_acquire();
  std::printf("and now? %s\n", granted ? "yes" : "no");
  co_await sleep(250ms);
  const bool later = co_await limiter.try_acquire();
  std::printf("later? %s\n", later ? "yes" : "no");
}

int main() {
  run_virtual(lesson());
}

// Output:
//     0 ms  a sends request 1
//     0 ms  a sends request 2
//   250 ms  a sends request 3
//   500 ms  b sends request 1
//   750 ms  a sends request 4
//   750 ms  a gives up
//  1000 ms  b sends request 2
//  1000 ms  b gives up
// and now? no
// later? yes
