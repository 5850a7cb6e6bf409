// One server whose world changes between two phases: bursts (MMPP2/M/1), a worker that fails and is
// repaired, a worker that is slow at times.
//
// In each phase arrivals are Poisson and service is exponential, and phases last exponential times,
// whatever the queue does; a request that is being served when the phase changes goes on at the new
// rate. The number in the system is then geometric with a matrix for its ratio.
// Source: Neuts, "Matrix-Geometric Solutions in Stochastic Models", 1981, chapter 3.

#pragma once

namespace weir::sim::theory {

struct ModulatedPhase {
  double arrivals = 0;  // rates
  double service = 1;   // 0: the server stands still
  double leave = 1;     // for the other phase
};

class ModulatedQueue {
 public:
  // Requires: stable, which means fewer arrivals than services in the long run.
  ModulatedQueue(const ModulatedPhase& first, const ModulatedPhase& second);

  double mean() const { return mean_; }  // number in the system
  double response() const { return mean_ / rate_; }

 private:
  double rate_ = 0;  // mean, of arrivals
  double mean_ = 0;
};

// M/M/1 at rate 1 whose worker is up for 1/fail on average and down for 1/repair.
ModulatedQueue failing_worker(double arrivals, double fail, double repair);

}  // namespace weir::sim::theory
