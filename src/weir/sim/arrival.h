// When requests come: an arrival process as written in a scenario, and the clock hand that walks
// it.
//
// ArrivalProcess is the description, a value; Arrivals draws one realisation of it from one random
// stream. Rates that change by straight lines (ramp, steps, spike) are inverted exactly: the i-th
// arrival is where the integral of the rate meets a sum of unit exponentials. sine is thinned
// (Lewis and Shedler 1979). Modulated processes (onoff, mmpp) restart the exponential at each
// change of state, which loses nothing: the exponential has no memory.

#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

struct Expression;
class ArrivalSource;

class ArrivalProcess {
 public:
  // No arrivals at all.
  ArrivalProcess();

  // Reads const, poisson, batch, onoff, mmpp, weibull, ramp, steps, sine, spike and phases.
  static std::expected<ArrivalProcess, ParseError> parse(std::string_view text);
  static std::expected<ArrivalProcess, ParseError> from(const Expression& expression);

  // Arrivals per second in the long run: of ramp and steps the last rate, of spike the base.
  double mean_rate() const;

  // Expected number of arrivals in [0, end), in the long-run mean for a modulated process.
  double expected_count(Duration end) const;

  // The canonical spelling: parse() reads it back.
  std::string text() const;

  bool operator==(const ArrivalProcess& other) const { return text() == other.text(); }

 private:
  friend class Arrivals;
  explicit ArrivalProcess(std::shared_ptr<const ArrivalSource> source);

  std::shared_ptr<const ArrivalSource> source_;  // immutable, shared by copies
};

// One realisation. const() is a metronome whose first arrival is at 0; the others draw.
class Arrivals {
 public:
  Arrivals(const ArrivalProcess& process, Random stream);
  ~Arrivals();
  Arrivals(Arrivals&&) noexcept;
  Arrivals& operator=(Arrivals&&) noexcept;

  // Offset of the next arrival from the start of the run, never less than the one before.
  // Duration::max() when there is none any more, and from then on.
  Duration next();

  // One step of a realisation, in seconds; infinity at the end.
  class Walk {
   public:
    virtual ~Walk() = default;
    virtual double next(Random& random) = 0;
  };

 private:
  Random stream_;
  std::unique_ptr<Walk> walk_;
};

}  // namespace weir::sim
