// Rob Pike's demo as it is shipped, against the arithmetic in its opening comment.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/theory/measured.h"

namespace weir::theory {
namespace {

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
