// Exact results for Poisson arrivals, exponential service and one line, in units of the mean
// service time (rate 1 per server).
//
// All formulas of theory_*.h are plain doubles from elementary::log and exp, so that they have the
// same bits on every machine. They know nothing of scenarios; validation_*.cpp and prediction.cpp
// bring the two together.

#pragma once

#include <cstddef>
#include <vector>

namespace weir::sim::theory {

// c servers, one FIFO line, arrivals at rate c·rho: M/M/c, and M/M/1 for one server.
// Source: Erlang 1917; Kleinrock, "Queueing Systems" I (1975), section 3.5.
class Erlang {
 public:
  Erlang(int servers, double rho);

  double blocked() const { return blocked_; }  // Erlang B: no room to wait, probability of loss
  double waits() const { return waits_; }      // Erlang C: probability of having to wait
  double wait() const;
  double response() const { return 1 + wait(); }
  double wait_quantile(double p) const;
  double response_beyond(double t) const;  // P(T > t)
  double response_quantile(double p) const;

 private:
  double servers_;
  double rho_;
  double blocked_ = 1;
  double waits_ = 1;
};

// Requests that a sample mean of M/M/1's wait takes for a relative standard error: its asymptotic
// variance per customer is rho (2 + 5 rho - 4 rho² + rho³) / (1 - rho)^4.
// Source: Daley 1968; Whitt, "Planning queueing simulations", 1989.
double requests_for(double rho, double relative_error);

// A birth and death process: rates from k to k + 1 and from k + 1 to k.
class BirthDeath {
 public:
  BirthDeath(const std::vector<double>& births, const std::vector<double>& deaths);

  double probability(std::size_t k) const { return probabilities_[k]; }
  double mean() const;

 private:
  std::vector<double> probabilities_;
};

// c servers, room for K altogether, arrivals at rate `lambda` that find it full are lost: M/M/c/K.
BirthDeath bounded_line(int servers, int room, double lambda);

// N clients who think for Z on average, c servers: M/M/c//N, the machine repairman.
BirthDeath closed_line(int servers, int clients, double think);

// Share of arrivals that leave because they have waited for `patience`, with c servers in order of
// arrival: M/M/c + D. Source: Barrer 1957; Baccelli and Hébuterne 1981, from the virtual wait's
// density, which is proportional to exp(-(c - lambda) x) up to the patience and to exp(-c x)
// beyond.
double impatient_share(int servers, double lambda, double patience);

// Mean number in M/M/1 a time t after it was empty, by uniformisation: the chain of jumps at rate
// 1 + rho, weighted by the Poisson number of jumps. Source: Jensen 1953.
double mean_after_empty(double rho, double t);

// Batches at rate `batches`, of so many requests each: M^[X]/M/1, mean number in the system.
// Source: Kleinrock I, section 4.9 (bulk arrivals).
struct BatchArrivals {
  double batches = 0;
  double mean = 1;           // of the size
  double second_moment = 1;  // of the size
};
double mean_with_batches(const BatchArrivals& arrivals);

}  // namespace weir::sim::theory
