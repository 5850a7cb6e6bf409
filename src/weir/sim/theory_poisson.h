// One server with Poisson arrivals and any service time: Pollaczek and Khinchine, and the two laws
// of service whose waits have quantiles in closed form.
//
// Source: Kleinrock, "Queueing Systems" I (1975), chapter 5, unless another is named.

#pragma once

#include "weir/sim/theory_service.h"

namespace weir::sim::theory {

// M/G/1. Times are in the unit of the service time's moments, the rate per that unit.
class PoissonQueue {
 public:
  PoissonQueue(double rate, const Moments& service) : rate_(rate), service_(service) {}

  double rho() const { return rate_ * service_.first; }
  double wait() const;  // mean, whatever the order, as long as it looks at no service time
  double response() const { return wait() + service_.first; }

  // Standard deviation of the wait, in order of arrival or the newest first. The second moment of
  // the latter is that of the former over 1 - rho (Wishart 1960).
  double wait_deviation() const;
  double wait_deviation_newest_first() const;

  // Processor sharing: the mean response hangs on the mean service alone (Kleinrock II, 4.4).
  double shared_response() const { return service_.first / (1 - rho()); }

 private:
  double second_moment() const;  // of the wait

  double rate_;
  Moments service_;
};

// M/H2/1: the transform has two poles, so wait and response are mixtures of two exponentials.
class HyperexponentialQueue {
 public:
  struct Branch {
    double share = 0;
    double mean = 0;
  };
  HyperexponentialQueue(double rate, const Branch& a, const Branch& b);

  double wait_beyond(double t) const;      // P(W > t)
  double response_beyond(double t) const;  // P(T > t)
  double wait_quantile(double p) const;
  double response_quantile(double p) const;

 private:
  // A term of a tail: factor · exp(-rate t).
  struct Term {
    double rate = 0;
    double wait = 0;      // factor for the wait
    double response = 0;  // factor for the response
  };
  Term near_;  // of the slower decay
  Term far_;
};

// M/D/1 with service 1 and arrivals at rate `lambda`, which may be above 1: the renewal function
//   G(x) = Σ (λ(k - x))^k exp(-λ(k - x)) / k!, k = 0 … ⌊x⌋,
// of which P(W ≤ x) = (1 - λ) G(x) where λ < 1 (Erlang 1909; Tijms, "A First Course in Stochastic
// Models", 2003, section 9.5). The sum cancels more and more; from x = 12 the two real poles of its
// transform 1 / (s - λ + λ exp(-s)) tell it to 1e-9.
double constant_service_series(double lambda, double x);

// Quantile of the wait of M/D/1. Requires: 0 < lambda < 1.
double constant_service_wait_quantile(double lambda, double p);

// M/D/c with service 1: mean wait. The numbers in the system a service time apart are a chain, for
// whoever is served now will be gone then. Source: Crommelin 1932.
double constant_service_wait(int servers, double rho);

// Root of s = λ (1 - exp(-s)) other than zero, the decay of M/D/1 with its sign.
double constant_service_pole(double lambda);

}  // namespace weir::sim::theory
