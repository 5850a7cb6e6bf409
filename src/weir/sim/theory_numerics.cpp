#include "weir/sim/theory_numerics.h"

namespace weir::sim::theory {

double falling_root(double low, double high, const std::function<double(double)>& f) {
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    if (middle == low || middle == high) break;
    (f(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

double integral(double low, double high, const std::function<double(double)>& f, int pieces) {
  const double step = (high - low) / pieces;
  double sum = f(low) + f(high);
  for (int i = 1; i < pieces; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(low + i * step);
  return sum * step / 3;
}

}  // namespace weir::sim::theory
