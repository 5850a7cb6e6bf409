// Lesson 10: a balancer spreads requests over workers. What comes back is an answer or a reason.

#include <cstdio>
#include <stdexcept>
#include <string>

#include "weir/rpc.h"

using namespace weir;
using Service = rpc::Balancer<int, std::string>;

Task<std::string> steady(Context context, int query) {
  co_await sleep(context, 10ms);  // returns early if the caller gives up
  co_return "answer " + std::to_string(query);
}

Task<std::string> broken(Context, int) {
  co_await sleep(1ms);
  throw std::runtime_error("disk on fire");  // fails this attempt, not the program
}

Task<std::string> stuck(Context context, int) {
  co_await sleep(context, 1h);
  co_return "too late";
}

Task<> ask(Service& service, Duration patience, int query) {
  const TimePoint sent = now();
  auto [context, cancel] = with_timeout(background(), patience);
  const auto trace = co_await service.trace(context, query);  // call() gives the outcome alone
  const std::string said = trace.outcome ? *trace.outcome : to_string(trace.outcome.error().kind);
  std::printf("%d: %-9s after %3d ms, %d attempts\n", query, said.c_str(),
              static_cast<int>((now() - sent) / 1ms), static_cast<int>(trace.attempts));
}

Task<> lesson() {
  rpc::BalancerOptions options;
  options.policy = balance::round_robin();
  options.queue = {.limit = 8};
  options.retry.max = 2;
  options.retry.attempt_timeout = 50ms;
  options.retry.backoff.full_jitter = false;  // pauses of exactly 25 ms, 50 ms …
  Service service(background(), options);
  service.add_worker({.name = "steady"}, steady);
  service.add_worker({.name = "broken"}, broken);
  service.add_worker({.name = "stuck"}, stuck);

  for (int query = 1; query <= 2; ++query) co_await ask(service, 500ms, query);
  co_await ask(service, 5ms, 3);
  co_await service.drain(background());
}

int main() {
  run_virtual(lesson());
}

// Output:
// 1: answer 1  after  10 ms, 1 attempts
// 2: answer 2  after 136 ms, 3 attempts
// 3: timed out after   5 ms, 1 attempts
