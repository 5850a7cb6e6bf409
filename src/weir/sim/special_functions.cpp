#include "weir/sim/special_functions.h"

#include <cmath>
#include <cstddef>

#include "weir/base/check.h"
#include "weir/base/elementary.h"

namespace weir::sim {
namespace {

template <std::size_t n>
double polynomial(const double (&coefficients)[n], double x) {
  double sum = coefficients[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

// z for |p - ½| <= 0.425, as a function of p - ½.
double central_quantile(double q) {
  constexpr double above[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                              1.9715909503065514427e3, 1.3731693765509461125e4,
                              4.5921953931549871457e4, 6.7265770927008700853e4,
                              3.3430575583588128105e4, 2.5090809287301226727e3};
  constexpr double below[] = {1.0,
                              4.2313330701600911252e1,
                              6.8718700749205790830e2,
                              5.3941960214247511077e3,
                              2.1213794301586595867e4,
                              3.9307895800092710610e4,
                              2.8729085735721942674e4,
                              5.2264952788528545610e3};
  const double r = 0.180625 - q * q;
  return q * polynomial(above, r) / polynomial(below, r);
}

// |z| as a function of r = √(-ln tail), for r <= 5.
double shoulder_quantile(double r) {
  constexpr double above[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                              5.76949722146069140550e0,  3.64784832476320460504e0,
                              1.27045825245236838258e0,  2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double below[] = {1.0,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9};
  return polynomial(above, r - 1.6) / polynomial(below, r - 1.6);
}

// The same for r > 5.
double tail_quantile(double r) {
  constexpr double above[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                              1.78482653991729133580e0,  2.96560571828504891230e-1,
                              2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double below[] = {1.0,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  return polynomial(above, r - 5) / polynomial(below, r - 5);
}

}  // namespace

double gamma_function(double x) {
  WEIR_CHECK(x > 0 && x < 170, "the gamma function was asked for outside its range");
  // Γ(x) = Γ(x + n) / (x (x + 1) … (x + n - 1)), and Stirling's series where it converges well.
  double shift = 1;
  while (x < 20) {
    shift *= x;
    x += 1;
  }
  constexpr double series[] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188};
  constexpr double root_of_two_pi = 2.5066282746310005024;
  const double correction = polynomial(series, 1 / (x * x)) / x;
  // In two halves: x^x leaves the range before the gamma function does.
  const double half = elementary::pow(x, 0.5 * x - 0.25);
  return root_of_two_pi * (half * elementary::exp(correction - x) * half) / shift;
}

double normal_quantile(double p) {
  WEIR_CHECK(p > 0 && p < 1, "a quantile was asked for outside the open interval from 0 to 1");
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return central_quantile(q);
  const double r = std::sqrt(-elementary::log(q < 0 ? p : 1 - p));
  const double size = r <= 5 ? shoulder_quantile(r) : tail_quantile(r);
  return q < 0 ? -size : size;
}

}  // namespace weir::sim
