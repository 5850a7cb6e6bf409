// When requests come: an arrival process as written in a scenario, and the clock hand that walks
// it.
//
// ArrivalProcess is the description, a value; Arrivals draws one realisation of it from one random
// stream. Where the rate is known (poisson, ramp, steps, spike, and onoff and mmpp once the stays
// are drawn) the walk inverts exactly: the next arrival is where the integral of the rate has grown
// by a unit exponential. sine is thinned (Lewis and Shedler 1979). weibull is a renewal process.

#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

struct Expression;
class ArrivalSource;
class ArrivalWalk;

class ArrivalProcess {
 public:
  // No arrivals at all.
  ArrivalProcess();

  // Reads const, poisson, batch, onoff, mmpp, weibull, ramp, steps, sine, spike, phases and trace.
  // Files named in the text are relative to `folder`.
  static std::expected<ArrivalProcess, ParseError> parse(std::string_view text,
                                                         const std::filesystem::path& folder = {});
  static std::expected<ArrivalProcess, ParseError> from(const Expression& expression,
                                                        const std::filesystem::path& folder = {});

  // A source of one's own, such as the times of a log; `text` names it.
  static ArrivalProcess of(std::shared_ptr<const ArrivalSource> source, std::string text) {
    return {std::move(source), std::move(text)};
  }

  // Arrivals per second in the long run: of ramp and steps the last rate, of spike the base, of
  // phases that of the last one, of trace its mean while it lasts.
  double mean_rate() const;

  // Expected number of arrivals in [0, end): exact for the rates that change with time, the mean
  // rate times `end` for the others.
  double expected_count(Duration end) const;

  // The canonical spelling: parse() reads it back as an equal process, unless it came by of().
  const std::string& text() const { return text_; }

  bool operator==(const ArrivalProcess& other) const { return text_ == other.text_; }

 private:
  friend class Arrivals;
  friend class ArrivalReader;
  ArrivalProcess(std::shared_ptr<const ArrivalSource> source, std::string text);

  std::shared_ptr<const ArrivalSource> source_;  // immutable, shared by copies
  std::string text_;
};

// One realisation. const() is a metronome whose first arrival is at 0, so that [0, t) holds rate·t
// of them; onoff and mmpp begin in a state drawn by the share of time they spend there.
class Arrivals {
 public:
  Arrivals(const ArrivalProcess& process, Random stream);
  ~Arrivals();
  Arrivals(Arrivals&&) noexcept;
  Arrivals& operator=(Arrivals&&) noexcept;

  // Offset of the next arrival from the start of the run, never less than the one before.
  // Duration::max() when there is none any more, and from then on. Cost: 20 to 70 ns.
  Duration next();

 private:
  std::shared_ptr<const ArrivalSource> source_;  // the walk refers to it
  Random stream_;
  std::unique_ptr<ArrivalWalk> walk_;
};

}  // namespace weir::sim
