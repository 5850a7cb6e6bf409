// Sampling and moments. Meaning of the four numbers by shape:
//
//   constant          a value                     gamma      a shape, b scale
//   exponential       a mean                      lognormal  a mean, b deviation of the logarithm
//   uniform           a low, b width              weibull    a scale, b 1/k
//   erlang            a mean of a stage, b stages pareto     a least, b greatest, c alpha,
//   hyperexponential  a share of b, b, c means               d probability that is cut off
//   empirical         a mean, b variance           recorded   as empirical

#include "weir/sim/distribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "weir/base/elementary.h"
#include "weir/sim/special_functions.h"

namespace weir::sim {
namespace {

using elementary::exp;
using elementary::log;

double exponential(Random& random) {
  return -log(random.uniform());
}

double normal(Random& random) {
  return normal_quantile(random.uniform());
}

// Of shape at least 1 and scale 1. Source: Marsaglia and Tsang 2000, "A simple method for
// generating gamma variables". About 1.05 rounds.
double gamma_from_one(double shape, Random& random) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double z = normal(random);
    const double u = random.uniform();
    const double root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (log(u) < 0.5 * z * z + d * (1 - v + log(v))) return d * v;
  }
}

double gamma(double shape, Random& random) {
  if (shape >= 1) return gamma_from_one(shape, random);
  const double power = log(random.uniform()) / shape;
  return gamma_from_one(shape + 1, random) * exp(power);
}

// The product of the uniforms of a few stages takes one logarithm; many stages are a gamma.
double erlang(double stages, Random& random) {
  if (stages > 8) return gamma(stages, random);
  double product = 1;
  for (int i = 0; i < static_cast<int>(stages); ++i) product *= random.uniform();
  return -log(product);
}

// E[X^order] of the bounded Pareto.
double pareto_moment(double low, double high, double alpha, double cut, double order) {
  const double ratio = log(high / low);
  const double power = order - alpha;
  const double scale = alpha * exp(order * log(low)) / cut;
  if (std::abs(power * ratio) < 1e-12) return scale * ratio;
  return scale * (exp(power * ratio) - 1) / power;
}

}  // namespace

double Distribution::base_sample(Random& random) const {
  switch (shape_) {
    case Shape::constant:
      return a_;
    case Shape::exponential:
      return a_ * exponential(random);
    case Shape::uniform:
      return a_ + b_ * random.uniform();
    case Shape::erlang:
      return a_ * erlang(b_, random);
    case Shape::hyperexponential: {
      const double mean = random.uniform() < a_ ? b_ : c_;
      return mean * exponential(random);
    }
    case Shape::gamma:
      return b_ * gamma(a_, random);
    case Shape::lognormal:
      return exp(a_ + b_ * normal(random));
    case Shape::weibull:
      return a_ * exp(b_ * log(exponential(random)));
    case Shape::pareto: {
      const double survivors = 1 - random.uniform() * d_;
      return std::min(b_, a_ * exp(-log(survivors) / c_));
    }
    case Shape::mix: {
      const double u = random.uniform();
      std::size_t chosen = 0;
      while (u >= shares_[chosen]) ++chosen;
      return parts_[chosen].base_sample(random);
    }
    case Shape::empirical:
    case Shape::recorded: {
      const auto n = static_cast<double>(values_->size());
      return (*values_)[static_cast<std::size_t>(random.uniform() * n)];
    }
  }
  std::unreachable();
}

double Distribution::base_mean() const {
  switch (shape_) {
    case Shape::constant:
    case Shape::exponential:
    case Shape::empirical:
    case Shape::recorded:
      return a_;
    case Shape::uniform:
      return a_ + b_ / 2;
    case Shape::erlang:
    case Shape::gamma:
      return a_ * b_;
    case Shape::hyperexponential:
      return a_ * b_ + (1 - a_) * c_;
    case Shape::lognormal:
      return exp(a_ + b_ * b_ / 2);
    case Shape::weibull:
      return a_ * gamma_function(1 + b_);
    case Shape::pareto:
      return pareto_moment(a_, b_, c_, d_, 1);
    case Shape::mix:
      break;
  }
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    sum += (shares_[i] - (i == 0 ? 0 : shares_[i - 1])) * parts_[i].base_mean();
  }
  return sum;
}

// From closed forms of the variance, where E[X²] - E[X]² would cancel.
double Distribution::variance() const {
  switch (shape_) {
    case Shape::constant:
      return 0;
    case Shape::exponential:
      return a_ * a_;
    case Shape::empirical:
    case Shape::recorded:
      return b_;
    case Shape::uniform:
      return b_ * b_ / 12;
    case Shape::erlang:
      return a_ * a_ * b_;
    case Shape::gamma:
      return a_ * b_ * b_;
    case Shape::hyperexponential: {
      const double mean = base_mean();
      return 2 * (a_ * b_ * b_ + (1 - a_) * c_ * c_) - mean * mean;
    }
    case Shape::lognormal: {
      const double mean = base_mean();
      return mean * mean * (exp(b_ * b_) - 1);
    }
    case Shape::weibull: {
      const double first = gamma_function(1 + b_);
      return a_ * a_ * (gamma_function(1 + 2 * b_) - first * first);
    }
    case Shape::pareto: {
      const double mean = base_mean();
      return std::max(0.0, pareto_moment(a_, b_, c_, d_, 2) - mean * mean);
    }
    case Shape::mix:
      break;
  }
  const double mean = base_mean();
  double sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const double share = shares_[i] - (i == 0 ? 0 : shares_[i - 1]);
    const double distance = parts_[i].base_mean() - mean;
    sum += share * (parts_[i].variance() + distance * distance);
  }
  return sum;
}

Distribution Distribution::recorded(std::shared_ptr<const std::vector<double>> values,
                                    Quantity quantity, std::string text) {
  Distribution made;
  made.shape_ = Shape::recorded;
  made.quantity_ = quantity;
  const auto n = static_cast<double>(values->size());
  made.a_ = std::accumulate(values->begin(), values->end(), 0.0) / n;
  for (const double value : *values) made.b_ += (value - made.a_) * (value - made.a_);
  made.b_ /= n;
  made.text_ = std::move(text);
  made.values_ = std::move(values);
  return made;
}

double Distribution::sample_for(std::uint64_t request, Random& random, double bytes) const {
  if (shape_ != Shape::recorded || request >= values_->size()) return sample(random, bytes);
  return (*values_)[request] + per_byte_ * bytes;
}

double Distribution::sample(Random& random, double bytes) const {
  return base_sample(random) + per_byte_ * bytes;
}

Duration Distribution::sample_duration(Random& random, double bytes) const {
  return from_seconds(sample(random, bytes));
}

double Distribution::mean(double bytes) const {
  return base_mean() + per_byte_ * bytes;
}

double Distribution::scv(double bytes) const {
  const double average = mean(bytes);
  return average == 0 ? 0 : variance() / (average * average);
}

std::string Distribution::text() const {
  if (per_byte_ == 0) return text_;
  return text_ + " + " + exact_seconds(per_byte_) + "/B";
}

}  // namespace weir::sim
