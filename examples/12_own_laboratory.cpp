// Lesson 12: the whole `weir` program with a policy of your own in it.
//
// Try: example_12_own_laboratory compare strategies --policies round_robin,soonest_done

#include <algorithm>
#include <iterator>

#include "weir/balance.h"
#include "weir/cli/run.h"

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

int main(int argc, char** argv) {
  auto catalog = balance::Catalog::standard();
  catalog.add("soonest_done", "the worker that would be done soonest, by speed and number",
              balance::custom<SoonestDone>("soonest_done"));
  if (argc > 1) return cli::run(argc, argv, catalog);

  const char* const words[] = {"weir",  "check",    "pike",  "--quiet",
                               "--set", "name=own", "--set", "balancer.policy=soonest_done"};
  return cli::run(std::size(words), words, catalog);
}

// Output:
// pike is in order: 'own', 1 load, 10 workers, policy soonest_done, 10 replications, 3 expectations
