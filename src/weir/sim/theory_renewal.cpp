#include "weir/sim/theory_renewal.h"

#include "weir/base/elementary.h"
#include "weir/sim/special_functions.h"
#include "weir/sim/theory_numerics.h"

namespace weir::sim::theory {

// The transform is convex, so it lies above the diagonal up to the root and below it from there to
// one, where they meet again.
RenewalQueue::RenewalQueue(const std::function<double(double)>& transform) {
  sigma_ = falling_root(0, 1 - 1e-9, [&](double x) { return transform(1 - x) - x; });
}

RenewalQueue RenewalQueue::round_robin(int servers, double rho) {
  const double rate = servers * rho;
  return RenewalQueue(
      [=](double s) { return elementary::exp(servers * elementary::log(rate / (rate + s))); });
}

RenewalQueue RenewalQueue::constant_gaps(double rho) {
  return RenewalQueue([=](double s) { return elementary::exp(-s / rho); });
}

// A gap is scale · E^(1/k) for a unit exponential E. With E = exp(u - exp(-u)) the integrand falls
// doubly exponentially at both ends, where equal steps converge fastest (Takahasi and Mori 1974).
RenewalQueue RenewalQueue::weibull_gaps(double rho, double k) {
  const double scale = 1 / (rho * gamma_function(1 + 1 / k));
  return RenewalQueue([=](double s) {
    return integral(-5, 6, [&](double u) {
      const double e = elementary::exp(u - elementary::exp(-u));
      if (e == 0) return 0.0;
      const double gap = scale * elementary::exp(elementary::log(e) / k);
      return elementary::exp(-e - s * gap) * e * (1 + elementary::exp(-u));
    });
  });
}

double RenewalQueue::response_quantile(double p) const {
  return -elementary::log(1 - p) * response();
}

}  // namespace weir::sim::theory
