#include "weir/sim/theory_attempts.h"

#include <algorithm>

#include "weir/base/elementary.h"
#include "weir/sim/theory_numerics.h"
#include "weir/sim/theory_poisson.h"

namespace weir::sim::theory {

double Retried::success() const {
  double all_fail = failure;
  for (int i = 0; i < retries; ++i) all_fail *= failure;
  return 1 - all_fail;
}

double Retried::attempts() const {
  return success() / (1 - failure);
}

double TokenBucket::dropped() const {
  const double series = constant_service_series(lambda, burst - 1);
  return 1 - series / (1 + lambda * series);
}

// A request waits until the work before it has fallen to what the bucket can lack.
double TokenBucket::delayed() const {
  return 1 - (1 - lambda) * constant_service_series(lambda, burst - 1);
}

double TokenBucket::delay() const {
  const auto beyond = [&](double x) {
    return 1 - (1 - lambda) * constant_service_series(lambda, x);
  };
  // The tail of the wait is smooth between whole numbers; beyond 40 it is one exponential.
  double sum = 0;
  const double end = burst + 40;
  for (double low = burst - 1; low < end; low += 1)
    sum += integral(low, low + 1 - 1e-12, beyond, 40);
  return sum + beyond(end) / -constant_service_pole(lambda);
}

double Hedged::response() const {
  return 1 - elementary::exp(-after) / 2;
}

double Hedged::extra() const {
  return elementary::exp(-after);
}

double Hedged::quantile(double p) const {
  const double alone = -elementary::log(1 - p);
  return alone <= after ? alone : after + (alone - after) / 2;
}

}  // namespace weir::sim::theory
