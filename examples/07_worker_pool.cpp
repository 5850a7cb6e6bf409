// Lesson 7: a worker pool. Three workers serve one bounded queue; results come back in order.
//
// submit() parks while the queue is full, so a fast producer cannot drown slow workers. An
// exception that leaves a job is the outcome of that job, and the pool goes on.

#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include "weir/pool.h"
#include "weir/weir.h"

using namespace weir;
using Pool = pool::WorkerPool<int, int>;

Task<int> twice(Context context, int number) {
  co_await sleep(context, number * 1ms);
  if (number == 4) throw std::runtime_error("4 is unlucky");
  co_return number + number;
}

Task<> submit_all(Pool& pool, Context context) {
  for (int number = 5; number > 0; --number) {
    co_await pool.submit(context, number);
    std::printf("submitted %d at %lld ms\n", number,
                static_cast<long long>(now().time_since_epoch() / 1ms));
  }
  pool.close();  // No job follows.
}

Task<> lesson() {
  const Context context = background();
  Pool pool(context, twice,
            {.workers = 3, .queue_max = 1, .order = pool::ResultOrder::as_submitted});
  go(submit_all, std::ref(pool), context);

  auto results = pool.results();
  while (auto outcome = co_await results.receive()) {
    std::printf("  %s\n", *outcome ? std::to_string(**outcome).c_str() : "failed");
  }
  co_await pool.wait();
}

int main() {
  run_virtual(lesson());  // In virtual time, so that the output is the same each time.
}

// Output:
// submitted 5 at 0 ms
// submitted 4 at 0 ms
// submitted 3 at 0 ms
// submitted 2 at 0 ms
// submitted 1 at 3 ms
//   10
//   failed
//   6
//   4
//   2
