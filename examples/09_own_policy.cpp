// Lesson 9: a balancing policy of your own, outside the library.
//
// A policy is told what happened and asked what to do; it waits for nothing and reads no clock. The
// balancer has filtered before: who is down, draining, full or tried already is not eligible.

#include <algorithm>
#include <cstdio>

#include "weir/rpc.h"

using namespace weir;

// Sends to the worker that would have finished all it has, and this request, the soonest.
class SoonestDone final : public balance::Policy {
 public:
  balance::Decision pick(const balance::Request&, const balance::View& view, Random&) override {
    const auto soonest = [&](balance::WorkerIndex worker) {
      return (view[worker].in_flight + 1) / view[worker].speed;
    };
    return balance::Decision::send(std::ranges::min(view.eligible(), {}, soonest));
  }
};

// Sends thirty requests, 8 ms apart, and says who served them and how long the last one took.
Task<> lesson(const char* title, balance::PolicySpec policy) {
  rpc::Balancer<int, int> balancer(background(), {.policy = policy});
  for (int index = 0; index < 2; ++index) {
    const double speed = index == 0 ? 1 : 4;
    balancer.add_worker({.speed = speed}, [=](Context, int) -> Task<int> {
      co_await sleep(from_seconds(0.04 / speed));
      co_return index;
    });
  }
  int served[2] = {};
  Duration longest{};
  TaskGroup requests;
  const auto send = [&]() -> Task<> {
    const TimePoint sent = now();
    const auto answer = co_await balancer.call(background(), 0);
    ++served[answer.value()];
    longest = std::max(longest, now() - sent);
  };
  for (int request = 0; request < 30; ++request) {
    requests.go(send());
    co_await sleep(8ms);
  }
  co_await requests.wait();
  std::printf("%-12s slow worker %2d, fast worker %2d, longest response %3d ms\n", title, served[0],
              served[1], static_cast<int>(longest / 1ms));
  co_await balancer.drain(background());
}

int main() {
  run_virtual(lesson("round_robin", balance::round_robin()));
  run_virtual(lesson("soonest_done", balance::custom<SoonestDone>("soonest_done")));
}

// Output:
// round_robin  slow worker 15, fast worker 15, longest response 376 ms
// soonest_done slow worker  4, fast worker 26, longest response  40 ms
