#include "weir/sim/theory_closed.h"

#include <cstddef>

namespace weir::sim::theory {

// An arrival sees the stations as they would be with one client less.
ClosedResult solve(const ClosedNetwork& network) {
  ClosedResult result;
  result.in_flight.resize(network.stations.size(), 0);
  std::vector<double> responses(network.stations.size());
  for (int clients = 1; clients <= network.clients; ++clients) {
    result.response = 0;
    for (std::size_t i = 0; i < responses.size(); ++i) {
      const ClosedNetwork::Station& station = network.stations[i];
      responses[i] = station.visits * station.service * (1 + result.in_flight[i]);
      result.response += responses[i];
    }
    result.throughput = clients / (network.think + result.response);
    for (std::size_t i = 0; i < responses.size(); ++i) {
      result.in_flight[i] = result.throughput * responses[i];
    }
  }
  return result;
}

ClosedResult random_routing(int servers, int clients, double think) {
  ClosedNetwork network{.clients = clients, .think = think};
  network.stations.assign(static_cast<std::size_t>(servers), {.visits = 1.0 / servers});
  return solve(network);
}

}  // namespace weir::sim::theory
