// One mistake for each value of MISTAKE, 0 being none; see CMakeLists.txt.

#include <memory>

#include "weir/weir.h"

namespace {

using namespace weir;

struct Job {
  std::shared_ptr<int> payload;
};

struct Jumpy {
  Jumpy() = default;
  Jumpy(const Jumpy&) {}  // may throw
};

[[maybe_unused]] Task<> use(Context context, Channel<Job> jobs) {
  Job named{nullptr};
  co_await jobs.send(named);
  co_await jobs.send(moved(named));
  co_await jobs.send(context, named);
  co_await jobs.send(context, moved(named));
  go(use, context, jobs);
  auto counts = [named] { return named.payload.use_count(); };
  co_await blocking(counts);
  co_await blocking(std::ref(counts));
#if MISTAKE == 1
  co_await Receiver<Job>(jobs).send(named);
#elif MISTAKE == 2
  co_await Sender<Job>(jobs).receive();
#elif MISTAKE == 3
  Sender<Job> out = Receiver<Job>(jobs);
#elif MISTAKE == 4
  make_channel<Jumpy>();
#elif MISTAKE == 5
  go([] { return 1; });
#elif MISTAKE == 6
  co_await jobs.send(Job{nullptr});
#elif MISTAKE == 7
  co_await jobs.send(context, Job{nullptr});
#elif MISTAKE == 8
  co_await blocking([]() -> Task<> { co_return; });
#elif MISTAKE == 9
  co_await blocking([named] { return named.payload.use_count(); });
#endif
}

}  // namespace
