// Clients that wait for their replies, sent at random to servers with a line each: mean value
// analysis.
//
// Exact for exponential service in order of arrival, and for any service under processor sharing.
// Source: Reiser and Lavenberg, "Mean-value analysis of closed multichain queuing networks", 1980.

#pragma once

#include <vector>

namespace weir::sim::theory {

struct ClosedNetwork {
  int clients = 1;
  double think = 0;  // mean
  struct Station {
    double visits = 1;  // share of the requests that go there
    double service = 1;
  };
  std::vector<Station> stations{};
};

struct ClosedResult {
  double throughput = 0;
  double response = 0;
  std::vector<double> in_flight{};  // mean at each station
};

ClosedResult solve(const ClosedNetwork& network);

// `servers` equal ones of mean service 1.
ClosedResult random_routing(int servers, int clients, double think);

}  // namespace weir::sim::theory
