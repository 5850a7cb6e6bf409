// Exact results of queueing theory, in units of the mean service time (rate 1 per server).

#pragma once

#include <cstdint>
#include <vector>

namespace weir::theory {

// c servers, one FIFO line, Poisson arrivals at rate c·rho, exponential service.
// Source: Erlang 1917; Kleinrock, "Queueing Systems" I (1975), section 3.5.
class Erlang {
 public:
  Erlang(int servers, double rho);

  double blocked() const { return blocked_; }  // Erlang B: no room to wait, probability of loss
  double waits() const { return waits_; }      // Erlang C: probability of having to wait
  double response() const;
  double response_beyond(double t) const;  // P(T > t)
  double response_quantile(double p) const;

 private:
  const double servers_;
  const double rho_;
  double blocked_ = 1;
  double waits_ = 1;
};

// n servers in turn, Poisson arrivals at rate n·rho: each is an Erlang-n/M/1 queue, whose response
// is exponential. Source: Kleinrock I, section 6.4 (G/M/1).
class RoundRobin {
 public:
  RoundRobin(int servers, double rho);

  double response() const { return 1 / (1 - sigma_); }
  double response_quantile(double p) const;

 private:
  double sigma_ = 0;
};

// Pollaczek and Khinchine: mean response of M/G/1 in order of arrival, for a squared coefficient of
// variation of the service time.
double one_server_response(double rho, double scv);

// A birth and death process: rates from k to k + 1 and from k + 1 to k.
class BirthDeath {
 public:
  BirthDeath(const std::vector<double>& births, const std::vector<double>& deaths);

  double probability(std::size_t k) const { return probabilities_[k]; }
  double mean() const;

 private:
  std::vector<double> probabilities_;
};

// c servers, room for K altogether, arrivals at rate `lambda` that find it full are lost.
BirthDeath bounded_line(int servers, int room, double lambda);

// N clients who think for Z on average, c servers: the machine repairman.
BirthDeath closed_line(int servers, int clients, double think);

// Share of arrivals that leave because they have waited for `patience`, with c servers in order of
// arrival. Source: Barrer 1957; Baccelli and Hébuterne 1981, from the virtual wait's density, which
// is proportional to exp(-(c - lambda) x) up to the patience and to exp(-c x) beyond.
double impatient_share(int servers, double lambda, double patience);

// n equal servers with a line each; an arrival looks at d distinct ones and joins the shortest.
// Mean response, from the stationary distribution of the sorted queue lengths (at most `longest`).
double shortest_of(int servers, int looked_at, double rho, int longest);

}  // namespace weir::theory
