// A positive random quantity (a time, a size, a bandwidth), written the way people say it:
// exp(10ms), lognormal(p50=5ms, p99=80ms), mix(99%: const(1ms), 1%: const(100ms)).
//
// Samples are the same bits on every machine: our own logarithm, no std:: distribution. Inversion
// wherever there is a closed form, so that one uniform number gives one sample and a common stream
// stays common when a parameter changes; gamma alone rejects (Marsaglia and Tsang 2000).

#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

struct Expression;

class Distribution {
 public:
  // Always zero seconds.
  Distribution() = default;

  // Reads const, exp, uniform, erlang, hyperexp, gamma, lognormal, weibull, pareto (bounded), mix
  // and empirical, each optionally followed by a part by size such as "+ 4ns/B" (durations only).
  // Files named in the text are relative to `folder`.
  static std::expected<Distribution, ParseError> parse(std::string_view text, Quantity quantity,
                                                       const std::filesystem::path& folder = {});
  static std::expected<Distribution, ParseError> from(const Expression& expression,
                                                      Quantity quantity,
                                                      const std::filesystem::path& folder = {});

  // The values of a log, one for each request by its number; `text` names them. Drawn from like an
  // empirical distribution where no request asks. Requires: at least one value.
  static Distribution recorded(std::shared_ptr<const std::vector<double>> values, Quantity quantity,
                               std::string text);

  // In seconds, bytes or bytes per second; never negative. `bytes` is the size that "+ 4ns/B" asks
  // for. Cost: 5 to 50 ns, gamma 70.
  double sample(Random& random, double bytes = 0) const;

  // What the request of that number has in the log; of any other distribution a sample.
  double sample_for(std::uint64_t request, Random& random, double bytes = 0) const;

  // The sample as a time, rounded to the nanosecond.
  Duration sample_duration(Random& random, double bytes = 0) const;

  // Exact, for an item of that size.
  double mean(double bytes = 0) const;

  // Variance over squared mean; 0 for a mean of zero.
  double scv(double bytes = 0) const;

  // Seconds per byte of the part by size; 0 when there is none.
  double per_byte() const { return per_byte_; }

  // The canonical spelling: parse() reads it back as an equal distribution, unless it is recorded.
  std::string text() const;

  bool operator==(const Distribution& other) const {
    return quantity_ == other.quantity_ && text() == other.text();
  }

 private:
  friend class DistributionReader;

  enum class Shape : std::uint8_t {
    constant,
    exponential,
    uniform,
    erlang,
    hyperexponential,
    gamma,
    lognormal,
    weibull,
    pareto,
    mix,
    empirical,
    recorded
  };

  double base_sample(Random& random) const;
  double base_mean() const;
  double variance() const;

  Shape shape_ = Shape::constant;
  Quantity quantity_ = Quantity::duration;
  double a_ = 0, b_ = 0, c_ = 0, d_ = 0;  // what sampling needs, by shape (see the source)
  double per_byte_ = 0;
  std::string text_ = "const(0s)";
  std::vector<double> shares_;       // of a mix: cumulative probabilities, the last is 1
  std::vector<Distribution> parts_;  // of a mix
  // Of an empirical one, ascending; of a recorded one by request.
  std::shared_ptr<const std::vector<double>> values_;
};

}  // namespace weir::sim
