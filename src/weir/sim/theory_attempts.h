// What requests come to that may be tried again, held back or sent twice, where queues play no
// part.

#pragma once

namespace weir::sim::theory {

// Every attempt fails with the same probability, whatever the others did; up to `retries` more.
struct Retried {
  double failure = 0;
  int retries = 0;

  double success() const;   // 1 - p^(R + 1)
  double attempts() const;  // mean: (1 - p^(R + 1)) / (1 - p)
};

// A bucket that fills by one token a unit of time up to `burst`, and Poisson requests at rate
// `lambda` that take one each. Source: the bucket's lack of tokens is the work in M/D/1 (Butto,
// Cavallero, Tonietti, "Effectiveness of the leaky bucket policing mechanism", 1991).
struct TokenBucket {
  double lambda = 0;
  double burst = 1;

  double dropped() const;  // share of the requests, if those without a token are refused
  double delayed() const;  // share of the requests, if they wait for one. Requires: lambda < 1
  double delay() const;    // mean of all requests, those that do not wait too
};

// Exponential service of mean 1 at servers without a queue; a second copy after `after`, the loser
// is given up.
struct Hedged {
  double after = 0;

  double response() const;  // mean
  double extra() const;     // copies per request
  double quantile(double p) const;
};

}  // namespace weir::sim::theory
