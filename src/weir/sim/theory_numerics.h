// The two numerical methods that the formulas need: a root and an integral.

#pragma once

#include <functional>

namespace weir::sim::theory {

// Where a decreasing function passes zero between the two ends, by bisection to the last bit; an
// end if it does not. Cost: 200 calls at most.
double falling_root(double low, double high, const std::function<double(double)>& f);

// Of a smooth function, by Simpson's rule over `pieces` pieces. Requires: pieces is even.
double integral(double low, double high, const std::function<double(double)>& f, int pieces = 400);

}  // namespace weir::sim::theory
