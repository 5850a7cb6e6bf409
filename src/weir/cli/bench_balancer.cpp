#include "weir/cli/bench_balancer.h"

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "weir/sync/channel.h"
#include "weir/sync/select.h"
#include "weir/sync/wait_group.h"

namespace weir::cli::shape {
namespace {

constexpr std::size_t workers = 10;

struct Request {
  Request(int (*function)(), Sender<int> answer) : work(function), reply(std::move(answer)) {}

  int (*work)();
  Sender<int> reply;
};

struct Worker {
  Channel<Request> requests = make_channel<Request>(demo_requesters);
  int pending = 0;
  std::size_t place = 0;  // in the heap
};

// The workers, the least loaded one first.
class Crew {
 public:
  void add(Worker& worker) {
    worker.place = heap_.size();
    heap_.push_back(&worker);
    rise(worker.place);
  }

  Worker& least_loaded() { return *heap_.front(); }

  // After the load of `worker` has changed.
  void settle(Worker& worker) {
    rise(worker.place);
    sink(worker.place);
  }

 private:
  void rise(std::size_t place) {
    while (place > 0 && heap_[place]->pending < heap_[(place - 1) / 2]->pending) {
      exchange(place, (place - 1) / 2);
      place = (place - 1) / 2;
    }
  }

  void sink(std::size_t place) {
    for (std::size_t below = 2 * place + 1; below < heap_.size(); below = 2 * place + 1) {
      if (below + 1 < heap_.size() && heap_[below + 1]->pending < heap_[below]->pending) ++below;
      if (heap_[place]->pending <= heap_[below]->pending) return;
      exchange(place, below);
      place = below;
    }
  }

  void exchange(std::size_t a, std::size_t b) {
    std::swap(heap_[a], heap_[b]);
    std::swap(heap_[a]->place, heap_[b]->place);
  }

  std::vector<Worker*> heap_;
};

Task<> serve(Worker& worker, Sender<Worker*> done) {
  while (auto request = co_await worker.requests.receive()) {
    co_await request->reply.send(request->work());
    co_await done.send(&worker);
  }
}

Task<> balance(Crew& crew, Receiver<Request> requests, Receiver<Worker*> done,
               Receiver<bool> quit) {
  auto request = receive_from(requests);
  auto finished = receive_from(done);
  auto stop = receive_from(quit);
  while (true) {
    const int chosen = co_await select(request, finished, stop);
    if (chosen == 0) {
      Worker& worker = crew.least_loaded();
      co_await worker.requests.send(moved(*request));
      ++worker.pending;
      crew.settle(worker);
    } else if (chosen == 1) {
      --(*finished)->pending;
      crew.settle(**finished);
    } else {
      co_return;
    }
  }
}

int one() {
  return 1;
}

Task<> ask(Sender<Request> requests, int count, std::int64_t& sum) {
  auto replies = make_channel<int>();
  for (int i = 0; i < count; ++i) {
    co_await requests.send(Request(one, replies));
    const auto reply = co_await replies.receive();
    sum += *reply;
  }
}

}  // namespace

Task<std::int64_t> classic_balancer(int each) {
  auto requests = make_channel<Request>();
  auto done = make_channel<Worker*>(workers);
  auto quit = make_channel<bool>();
  std::array<Worker, workers> all;
  Crew crew;
  WaitGroup serving;
  for (Worker& worker : all) {
    crew.add(worker);
    serving.go(serve(worker, done));
  }
  serving.go(balance(crew, requests, done, quit));

  std::array<std::int64_t, demo_requesters> sums = {};
  WaitGroup asking;
  for (std::int64_t& sum : sums) asking.go(ask(requests, each, sum));
  co_await asking.wait();

  quit.close();
  for (Worker& worker : all) worker.requests.close();
  co_await serving.wait();
  std::int64_t answered = 0;
  for (const std::int64_t sum : sums) answered += sum;
  co_return answered;
}

}  // namespace weir::cli::shape
