// Servers with a line each, and the balancer looks at some of them: the shortest of d.

#pragma once

namespace weir::sim::theory {

// n equal servers, Poisson arrivals at rate n·rho, exponential service of mean 1.
struct ShortestOf {
  int servers = 2;
  int looked_at = 2;  // distinct ones, ties broken at random; all of them: join the shortest queue
  double rho = 0.5;
  int longest = 20;  // a line is cut off here; the probability of that must be next to nothing
};

// Mean response, from the stationary distribution of the sorted queue lengths: exact but for the
// cut. Cost: a second for four servers of 20.
double shortest_of(const ShortestOf& system);

// The same for infinitely many servers: T = Σ rho^((d^i - d) / (d - 1)), i = 1, 2, …
// Source: Vvedenskaya, Dobrushin, Karpelevich 1996; Mitzenmacher 1996.
double shortest_of_infinitely_many(int looked_at, double rho);

}  // namespace weir::sim::theory
