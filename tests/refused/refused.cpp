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

const ContextKey<int> depth;

[[maybe_unused]] Task<> use(Context context, Channel<Job> jobs) {
  Job named{nullptr};
  co_await jobs.send(named);
  co_await jobs.send(moved(named));
  co_await jobs.send(context, named);
  co_await jobs.send(context, moved(named));
  go(use, context, jobs);
  Once once;
  const auto owning = [named] {};
  co_await once.call(owning);
  auto receiving = receive_from(jobs);
  receiving.channel(jobs);
  const Context deeper = with_value(context, depth, 1);
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
  co_await once.call([named] {});
#elif MISTAKE == 9
  receiving.channel(make_channel<int>());
#elif MISTAKE == 10
  const Context wrong = with_value(context, depth, "one");
#elif MISTAKE == 11
  co_await blocking([]() -> Task<> { co_return; });
#elif MISTAKE == 12
  co_await blocking([named] { return named.payload.use_count(); });
#endif
}

}  // namespace
