// Exponential service behind arrivals whose gaps are independent but not exponential: G/M/1.
//
// An arrival finds the server busy with probability sigma, the root below one of
// sigma = A*(1 - sigma), where A* is the transform of a gap; its response is then exponential with
// mean 1 / (1 - sigma). Times are in units of the mean service.
// Source: Kleinrock, "Queueing Systems" I (1975), section 6.4.

#pragma once

#include <functional>

namespace weir::sim::theory {

class RenewalQueue {
 public:
  // Round robin over n servers, Poisson arrivals at rate n·rho: each server is Erlang-n/M/1.
  static RenewalQueue round_robin(int servers, double rho);
  // Gaps all alike: D/M/1, the limit of round robin over many servers.
  static RenewalQueue constant_gaps(double rho);
  // Gaps of Weibull's law with shape k: bursts where k < 1.
  static RenewalQueue weibull_gaps(double rho, double k);

  double wait() const { return sigma_ / (1 - sigma_); }
  double response() const { return 1 / (1 - sigma_); }
  double response_quantile(double p) const;

 private:
  explicit RenewalQueue(const std::function<double(double)>& transform);

  double sigma_ = 0;
};

}  // namespace weir::sim::theory
