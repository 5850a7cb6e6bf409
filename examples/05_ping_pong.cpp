// Lesson 5: two tasks hand a ball to and fro, on several threads and in virtual time.
//
// The same function runs on both schedulers; nothing in it knows which. Between two tasks that wait
// for each other a hand-off costs about as much as two function calls: the woken task runs next on
// the same thread.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

Task<> player(Receiver<int> in, Sender<int> out) {
  while (auto ball = co_await in.receive()) co_await out.send(*ball + 1);
  out.close();
}

Task<int> rally(int rounds) {
  auto ping = make_channel<int>();
  auto pong = make_channel<int>();
  auto opponent = go(player(ping, pong));
  int ball = 0;
  for (int round = 0; round < rounds; ++round) {
    co_await ping.send(ball);
    auto returned = co_await pong.receive();
    ball = *returned;
  }
  ping.close();
  co_await opponent.join();
  co_return ball;
}

int main() {
  std::printf("%d on threads\n", run(rally(100'000)));
  std::printf("%d on one thread\n", run(rally(100'000), {.processors = 1}));
  std::printf("%d in virtual time\n", run_virtual(rally(100'000)));
}

// Output:
// 100000 on threads
// 100000 on one thread
// 100000 in virtual time
