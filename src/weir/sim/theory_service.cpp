#include "weir/sim/theory_service.h"

#include <array>
#include <cmath>

#include "weir/base/elementary.h"
#include "weir/sim/special_functions.h"

namespace weir::sim::theory {

Moments Moments::constant(double value) {
  return {value, value * value, value * value * value};
}

Moments Moments::exponential(double mean) {
  return {mean, 2 * mean * mean, 6 * mean * mean * mean};
}

Moments Moments::uniform(double low, double high) {
  return {(low + high) / 2, (low * low + low * high + high * high) / 3,
          (low + high) * (low * low + high * high) / 4};
}

Moments Moments::erlang(double mean, int stages) {
  return gamma(mean, 1 / std::sqrt(static_cast<double>(stages)));
}

Moments Moments::hyperexponential(double mean, double scv) {
  const double share = 0.5 * (1 + std::sqrt((scv - 1) / (scv + 1)));
  const std::array parts{Part{share, exponential(mean / (2 * share))},
                         Part{1 - share, exponential(mean / (2 * (1 - share)))}};
  return mixed(parts);
}

// Shape a = 1 / cv²: E[X²] = m² (a + 1) / a and so on.
Moments Moments::gamma(double mean, double cv) {
  const double scv = cv * cv;
  return {mean, mean * mean * (1 + scv), mean * mean * mean * (1 + scv) * (1 + 2 * scv)};
}

// E[X^n] = m^n (1 + cv²)^(n (n - 1) / 2).
Moments Moments::lognormal(double mean, double cv) {
  const double spread = 1 + cv * cv;
  return {mean, mean * mean * spread, mean * mean * mean * spread * spread * spread};
}

Moments Moments::weibull(double mean, double k) {
  const double scale = mean / gamma_function(1 + 1 / k);
  return {mean, scale * scale * gamma_function(1 + 2 / k),
          scale * scale * scale * gamma_function(1 + 3 / k)};
}

Moments Moments::pareto(double alpha, double low, double high) {
  const double factor =
      alpha * elementary::pow(low, alpha) / (1 - elementary::pow(low / high, alpha));
  const auto moment = [&](double n) {
    if (n == alpha) return factor * elementary::log(high / low);
    return factor * (elementary::pow(high, n - alpha) - elementary::pow(low, n - alpha)) /
           (n - alpha);
  };
  return {moment(1), moment(2), moment(3)};
}

Moments Moments::mixed(std::span<const Part> parts) {
  Moments sum;
  for (const Part& part : parts) {
    sum.first += part.share * part.moments.first;
    sum.second += part.share * part.moments.second;
    sum.third += part.share * part.moments.third;
  }
  return sum;
}

}  // namespace weir::sim::theory
