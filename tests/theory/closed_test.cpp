// Clients that wait for their replies: the machine repairman, and Rob Pike's demo.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/theory/measured.h"
#include "weir/sim/theory_markov.h"

namespace weir::theory {
namespace {

using namespace sim::theory;

std::string shipped(const std::string& name) {
  const std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/scenarios/" + name + ".toml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double mean_pending(const ReplicationRecord& record) {
  double sum = 0;
  for (const auto& worker : record.workers) sum += worker.mean_in_flight;
  return sum / static_cast<double>(record.workers.size());
}

// Over time, of the mean worker.
double deviation_of_pending(const ReplicationRecord& record) {
  double sum = 0;
  for (const auto& worker : record.workers) sum += worker.sd_in_flight;
  return sum / static_cast<double>(record.workers.size());
}

TEST(Clients, OfACentralQueueAreMachineRepairmen) {
  const BirthDeath exact = closed_line(4, 50, 10);
  const Measured measured(
      "weir = 1\nseed = 11\n[horizon]\ntime = '20000s'\nwarmup = 'none'\n[[load]]\nname = 'web'\n"
      "model = 'closed'\nclients = 50\nthink = 'exp(10s)'\nservice = 'exp(1s)'\n[balancer]\n"
      "policy = 'central_queue'\n[[workers]]\nname = 'w'\ncount = 4\n");
  const double throughput = (50 - exact.mean()) / 10;
  expect_exact("goodput", measured.each(goodput), throughput);
  expect_exact("response", measured.each(mean_response), exact.mean() / throughput);
}

// Saturated: ten workers finish two requests a second, and Little's law gives the rest.
TEST(Pike, HasTheFiguresOfItsArithmetic) {
  const Measured measured(shipped("pike"), {"horizon.time=20000s"});
  expect_exact("goodput", measured.each(goodput), 10 / 5.0);
  expect_exact("response", measured.each(mean_response), 100 / 2.0 - 10);
  expect_exact("pending", measured.each(mean_pending), (100 - 2.0 * 10) / 10);
}

TEST(Pike, IsFarLessEvenInTurnThanByLeastLoad) {
  const Measured heap(shipped("pike"), {"horizon.time=10000s"});
  const Measured in_turn(shipped("pike"), {"horizon.time=10000s", "balancer.policy=round_robin"});
  for (std::size_t i = 0; i < heap.replications().size(); ++i) {
    EXPECT_LT(deviation_of_pending(heap.replications()[i]) * 2,
              deviation_of_pending(in_turn.replications()[i]));
  }
}

}  // namespace
}  // namespace weir::theory
