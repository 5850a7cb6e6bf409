#include "weir/sim/drawn_network.h"

namespace weir::sim {

rpc::Trip DrawnNetwork::trip(const balance::Request& attempt, std::uint32_t) const {
  const std::uint64_t entity = attempt.id - 1 + attempt.attempt;
  Random latency(key_, "latency", entity);
  rpc::Trip trip;
  trip.there = network_.latency.sample_duration(latency);
  trip.back = network_.latency.sample_duration(latency);
  if (network_.loss > 0) {
    Random loss(key_, "loss", entity);
    trip.request_lost = loss.uniform() < network_.loss;
    trip.reply_lost = loss.uniform() < network_.loss;
  }
  return trip;
}

}  // namespace weir::sim
