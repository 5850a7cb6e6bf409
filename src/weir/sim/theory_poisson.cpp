#include "weir/sim/theory_poisson.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "weir/base/elementary.h"
#include "weir/sim/theory_numerics.h"

namespace weir::sim::theory {

double PoissonQueue::wait() const {
  return rate_ * service_.second / (2 * (1 - rho()));
}

double PoissonQueue::second_moment() const {
  return 2 * wait() * wait() + rate_ * service_.third / (3 * (1 - rho()));
}

double PoissonQueue::wait_deviation() const {
  return std::sqrt(second_moment() - wait() * wait());
}

double PoissonQueue::wait_deviation_newest_first() const {
  return std::sqrt(second_moment() / (1 - rho()) - wait() * wait());
}

// The transform of the wait is (1 - ρ)(s + a)(s + b) / D(s), that of the response has (1 - ρ)(p a
// (s + b) + q b (s + a)) above the line, where D(s) = s² + (a + b - λ) s + a b (1 - ρ).
HyperexponentialQueue::HyperexponentialQueue(double rate, const Branch& a, const Branch& b) {
  const double rate_a = 1 / a.mean;
  const double rate_b = 1 / b.mean;
  const double idle = 1 - rate * (a.share * a.mean + b.share * b.mean);
  const double linear = rate_a + rate_b - rate;
  const double product = rate_a * rate_b * idle;
  far_.rate = (linear + std::sqrt(linear * linear - 4 * product)) / 2;
  near_.rate = product / far_.rate;
  const auto weigh = [&](Term& term, double other) {
    const double residue = idle / ((other - term.rate) * term.rate);
    term.wait = residue * rate * (a.share * (rate_b - term.rate) + b.share * (rate_a - term.rate));
    term.response = residue * (a.share * rate_a * (rate_b - term.rate) +
                               b.share * rate_b * (rate_a - term.rate));
  };
  weigh(near_, far_.rate);
  weigh(far_, near_.rate);
}

double HyperexponentialQueue::wait_beyond(double t) const {
  return near_.wait * elementary::exp(-near_.rate * t) +
         far_.wait * elementary::exp(-far_.rate * t);
}

double HyperexponentialQueue::response_beyond(double t) const {
  return near_.response * elementary::exp(-near_.rate * t) +
         far_.response * elementary::exp(-far_.rate * t);
}

double HyperexponentialQueue::wait_quantile(double p) const {
  return falling_root(0, 700 / near_.rate, [&](double t) { return wait_beyond(t) - (1 - p); });
}

double HyperexponentialQueue::response_quantile(double p) const {
  return falling_root(0, 700 / near_.rate, [&](double t) { return response_beyond(t) - (1 - p); });
}

double constant_service_pole(double lambda) {
  if (lambda == 1) return 0;
  // λ (1 - exp(-s)) - s is positive between 0 and the root, on whichever side of 0 that lies; it is
  // greatest at log λ and falls from there.
  const double side = lambda < 1 ? -1 : 1;
  return side * falling_root(std::abs(elementary::log(lambda)), 60, [&](double size) {
           return lambda * (1 - elementary::exp(-side * size)) - side * size;
         });
}

namespace {

double cancelling_series(double lambda, double x) {
  double sum = 0;
  double factorial = 1;
  for (int k = 0; k <= static_cast<int>(x); ++k) {
    if (k > 0) factorial *= k;
    const double base = lambda * (k - x);
    double power = 1;
    for (int i = 0; i < k; ++i) power *= base;
    sum += power / factorial * elementary::exp(-base);
  }
  return sum;
}

double series_by_poles(double lambda, double x) {
  if (lambda == 1) return 2 * x + 2.0 / 3;
  const double pole = constant_service_pole(lambda);
  return 1 / (1 - lambda) + elementary::exp(pole * x) / (1 - lambda * elementary::exp(-pole));
}

}  // namespace

double constant_service_series(double lambda, double x) {
  if (x < 0) return 0;
  return x < 12 ? cancelling_series(lambda, x) : series_by_poles(lambda, x);
}

double constant_service_wait_quantile(double lambda, double p) {
  const double longest = 50 / -constant_service_pole(lambda);
  return falling_root(
      0, longest, [&](double x) { return p - (1 - lambda) * constant_service_series(lambda, x); });
}

namespace {

// Of arrivals in a service time: Poisson, up to where nothing is left.
std::vector<double> poisson_weights(double mean) {
  std::vector<double> weights{elementary::exp(-mean)};
  while (static_cast<double>(weights.size()) < mean || weights.back() > 1e-18) {
    weights.push_back(weights.back() * mean / static_cast<double>(weights.size()));
  }
  return weights;
}

// A service time later: whoever was served has left, and others have come.
std::vector<double> a_service_later(const std::vector<double>& now, std::size_t servers,
                                    const std::vector<double>& arrivals) {
  std::vector<double> next(now.size(), 0);
  for (std::size_t from = 0; from < now.size(); ++from) {
    const std::size_t left = from > servers ? from - servers : 0;
    const std::size_t room = std::min(arrivals.size(), now.size() - left);
    for (std::size_t k = 0; k < room; ++k) next[left + k] += now[from] * arrivals[k];
  }
  return next;
}

}  // namespace

double constant_service_wait(int servers, double rho) {
  const double lambda = servers * rho;
  const auto c = static_cast<std::size_t>(servers);
  const std::vector<double> arrivals = poisson_weights(lambda);
  std::vector<double> now(c + static_cast<std::size_t>(40 / (1 - rho)) + 40, 0);
  now[0] = 1;
  for (double change = 1; change > 1e-13;) {
    std::vector<double> next = a_service_later(now, c, arrivals);
    change = 0;
    for (std::size_t i = 0; i < now.size(); ++i) change += std::abs(next[i] - now[i]);
    now.swap(next);
  }
  double waiting = 0;
  for (std::size_t n = c; n < now.size(); ++n) waiting += static_cast<double>(n - c) * now[n];
  return waiting / lambda;
}

}  // namespace weir::sim::theory
