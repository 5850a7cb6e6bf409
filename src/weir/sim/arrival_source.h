// The kinds of arrival process behind ArrivalProcess, each a description that can start a walk.
//
// Sources are immutable and know nothing of text; seconds are doubles, rates are per second.

#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "weir/base/random.h"
#include "weir/sim/distribution.h"

namespace weir::sim {

// One realisation on its way. It may refer to its source, which must outlive it.
class ArrivalWalk {
 public:
  virtual ~ArrivalWalk() = default;

  // Seconds from the start to the next arrival, never decreasing; infinity at the end.
  virtual double next(Random& random) = 0;
};

class ArrivalSource {
 public:
  virtual ~ArrivalSource() = default;
  virtual std::unique_ptr<ArrivalWalk> start(Random& random) const = 0;
  virtual double mean_rate() const = 0;
  virtual double expected_count(double end) const { return mean_rate() * end; }
};

using ArrivalSourcePointer = std::shared_ptr<const ArrivalSource>;

// At 0, 1/rate, 2/rate, …
ArrivalSourcePointer metronome(double rate);

// Up to `until` the rate goes in a straight line from one value to the other.
struct RatePiece {
  double until = std::numeric_limits<double>::infinity();
  double from = 0;
  double to = 0;
};

// A Poisson process whose rate is put together from pieces; the last never ends and is level.
ArrivalSourcePointer piecewise_poisson(std::vector<RatePiece> pieces);

// rate(t) = mean + amplitude · sin(2πt / period). Requires: amplitude <= mean.
struct SineRate {
  double mean = 0;
  double amplitude = 0;
  double period = 1;
};
ArrivalSourcePointer sine_poisson(SineRate rate);

// Independent gaps with a Weibull distribution of mean 1/rate.
struct WeibullGaps {
  double rate = 1;
  double k = 1;
};
ArrivalSourcePointer weibull_renewal(WeibullGaps gaps);

// A Poisson process that goes round through states, staying in each for a random time.
struct ModulatedState {
  Distribution stay;
  double rate = 0;
};
ArrivalSourcePointer modulated_poisson(std::vector<ModulatedState> states);

// How many arrivals share one instant.
struct BatchSize {
  enum class Shape { constant, geometric, uniform };
  Shape shape = Shape::constant;
  double low = 1;  // the constant; the mean of the geometric (on 1, 2, …); the least of the uniform
  double high = 1;  // the greatest of the uniform
};
ArrivalSourcePointer batched(ArrivalSourcePointer instants, BatchSize size);

// One process after the other, each from its own beginning; the last may have no end.
struct Phase {
  double length = std::numeric_limits<double>::infinity();
  ArrivalSourcePointer source;
};
ArrivalSourcePointer phased(std::vector<Phase> phases);

// At the given times, once. Requires: ascending, not empty.
ArrivalSourcePointer recorded(std::vector<double> times);

}  // namespace weir::sim
