// The scenario's network: each attempt's delays and losses are drawn by request and attempt, so
// that every policy meets the same ones.

#pragma once

#include "weir/rpc/network.h"
#include "weir/sim/replication.h"

namespace weir::sim {

class DrawnNetwork final : public rpc::Network {
 public:
  DrawnNetwork(const sim::Network& network, RandomKey key) : network_(network), key_(key) {}

  rpc::Trip trip(const balance::Request& attempt, std::uint32_t account) const override;

 private:
  const sim::Network& network_;
  const RandomKey key_;
};

}  // namespace weir::sim
