// What a handful of replications allows one to say: intervals, differences, and where the warm-up
// ends.
//
// Every function answers with an empty optional where the data cannot support the figure, so that a
// report prints a dash instead of a guess. Observations inside one run are never taken as
// independent; replications are.

#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace weir::sim {

// A point and a two-sided confidence interval around it.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;

  double half_width() const { return (high - low) / 2; }
  bool operator==(const Estimate&) const = default;
};

// Quantile of Student's t. Requires: 0 < probability < 1, degrees > 0.
double student_t(double probability, double degrees);

// Mean of independent observations (one per replication) with its t interval. Needs two.
std::optional<Estimate> mean_interval(std::span<const double> values, double level = 0.95);

// A quantile by sectioning: the centre is `pooled`, estimated from all data; the spread comes from
// the same quantile of each section (replication) about that centre, which removes the bias of
// small sections. Needs two sections. Source: Asmussen and Glynn 2007; Nakayama 2014.
std::optional<Estimate> quantile_interval(double pooled, std::span<const double> sections,
                                          double level = 0.95);

// Ranks (from 1) of the order statistics that bound the p-quantile of n independent observations.
// Not for waiting times of one run: they are not independent.
struct Ranks {
  std::size_t low = 0;
  std::size_t high = 0;
  double coverage = 0;
};
std::optional<Ranks> quantile_ranks(std::size_t n, double p, double level = 0.95);

// Change from a baseline, replication by replication (same arrivals, same demands).
struct Difference {
  double change = 0;  // relative: -0.12 is 12 % less
  double low = 0;     // interval at the level asked for, not corrected
  double high = 0;
  bool significant = false;  // after Bonferroni's correction for `comparisons`

  bool operator==(const Difference&) const = default;
};

struct Comparison {
  double level = 0.95;
  std::size_t comparisons = 1;  // how many differences are read side by side
};

// exp(mean log-ratio) - 1 with the paired t interval of the logarithms when all values are
// positive; else the ratio of the means with the interval of its linearised residuals. Needs two
// pairs, equally long series and a baseline whose mean is not zero.
std::optional<Difference> paired_difference(std::span<const double> baseline,
                                            std::span<const double> candidate,
                                            Comparison options = {});

// Where a series settles. Source: White 1997; White, Cobb, Spratt 2000 (MSER-5).
struct WarmUp {
  std::size_t observations = 0;  // to be cut off, a multiple of the batch
  double mean = 0;               // of what remains
  double criterion = 0;          // the squared standard error that was minimised
  bool too_short = false;        // the minimum lies on the boundary: nothing is known to settle
};

// Series of the run, or the mean across replications. Needs ten batches.
std::optional<WarmUp> mser(std::span<const double> series, std::size_t batch = 5);

// One long run cut into `batches` means, for when replications are too expensive.
struct BatchMeans {
  Estimate mean;
  double standard_error = 0;
  double lag1 = 0;  // autocorrelation of the batch means; beyond 0.2 the batches are too short
};

// Needs two batches with an observation each; what does not fill a batch is left out at the end.
std::optional<BatchMeans> batch_means(std::span<const double> series, std::size_t batches,
                                      double level = 0.95);

}  // namespace weir::sim
