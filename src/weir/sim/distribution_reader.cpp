// From the text of a distribution to the numbers that sampling needs.
//
// One function for each shape: it reads its arguments, computes, and writes the canonical text from
// the numbers it has read, so that equal distributions have equal texts.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "weir/base/elementary.h"
#include "weir/base/suggestion.h"
#include "weir/sim/argument_reader.h"
#include "weir/sim/column_file.h"
#include "weir/sim/distribution.h"
#include "weir/sim/expression.h"
#include "weir/sim/special_functions.h"

namespace weir::sim {
namespace {

using Result = std::expected<Distribution, ParseError>;

std::unexpected<ParseError> error(std::string message, const Expression& at) {
  return std::unexpected(ParseError{std::move(message), at.column});
}

// base^exponent for a positive base.
double power(double base, double exponent) {
  return elementary::exp(exponent * elementary::log(base));
}

}  // namespace

class DistributionReader {
 public:
  DistributionReader(const Expression& call, Quantity quantity, const std::filesystem::path& folder)
      : call_(call), quantity_(quantity), folder_(folder) {
    made_.quantity_ = quantity;
  }

  Result read() {
    struct Entry {
      std::string_view name;
      void (DistributionReader::*read)();
    };
    static constexpr std::array<Entry, 11> known = {{
        {"const", &DistributionReader::read_const},
        {"exp", &DistributionReader::read_exp},
        {"uniform", &DistributionReader::read_uniform},
        {"erlang", &DistributionReader::read_erlang},
        {"hyperexp", &DistributionReader::read_hyperexp},
        {"gamma", &DistributionReader::read_gamma},
        {"lognormal", &DistributionReader::read_lognormal},
        {"weibull", &DistributionReader::read_weibull},
        {"pareto", &DistributionReader::read_pareto},
        {"mix", &DistributionReader::read_mix},
        {"empirical", &DistributionReader::read_empirical},
    }};
    for (const Entry& entry : known) {
      if (entry.name != call_.word) continue;
      (this->*entry.read)();
      if (error_) return std::unexpected(*error_);
      return std::move(made_);
    }
    std::array<std::string_view, known.size()> names;
    std::ranges::transform(known, names.begin(), &Entry::name);
    return error("unknown distribution '" + call_.word + "'" + did_you_mean(call_.word, names),
                 call_);
  }

 private:
  using Shape = Distribution::Shape;

  std::string spell(double value) const { return exact_quantity(value, quantity_); }

  void make(const ArgumentReader& arguments, Shape shape, std::array<double, 4> numbers,
            std::string text) {
    error_ = arguments.error();
    made_.shape_ = shape;
    std::tie(made_.a_, made_.b_, made_.c_, made_.d_) =
        std::tie(numbers[0], numbers[1], numbers[2], numbers[3]);
    made_.text_ = std::move(text);
  }

  void read_const() {
    ArgumentReader arguments(call_, {"value"});
    const double value = arguments.quantity("value", quantity_);
    make(arguments, Shape::constant, {value}, "const(" + spell(value) + ")");
  }

  void read_exp() {
    ArgumentReader arguments(call_, {"mean"});
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    make(arguments, Shape::exponential, {mean}, "exp(" + spell(mean) + ")");
  }

  void read_uniform() {
    ArgumentReader arguments(call_, {"low", "high"});
    const double low = arguments.quantity("low", quantity_);
    const double high = arguments.quantity("high", quantity_);
    if (high < low) arguments.fail_at("high", " is less than low");
    make(arguments, Shape::uniform, {low, high - low},
         "uniform(" + spell(low) + ", " + spell(high) + ")");
  }

  void read_erlang() {
    ArgumentReader arguments(call_, {"mean", "k"});
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    const double k = arguments.whole_number("k", {.low = 1, .high = 1e6});
    make(arguments, Shape::erlang, {mean / k, k},
         "erlang(mean=" + spell(mean) + ", k=" + exact_number(k) + ")");
  }

  // Balanced means: both branches carry half of the mean.
  void read_hyperexp() {
    ArgumentReader arguments(call_, {"mean", "scv"});
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    const double scv = arguments.number("scv", {.low = 1, .high = 1e6});
    const double share = 0.5 * (1 + std::sqrt((scv - 1) / (scv + 1)));
    make(arguments, Shape::hyperexponential, {share, mean / (2 * share), mean / (2 * (1 - share))},
         "hyperexp(mean=" + spell(mean) + ", scv=" + exact_number(scv) + ")");
  }

  void read_gamma() {
    ArgumentReader arguments(call_, {"mean", "cv"});
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    const double cv = arguments.number("cv", {.low = 0.001, .high = 100});
    make(arguments, Shape::gamma, {1 / (cv * cv), mean * (cv * cv)},
         "gamma(mean=" + spell(mean) + ", cv=" + exact_number(cv) + ")");
  }

  void read_lognormal() {
    ArgumentReader arguments(call_, {"mean", "cv", "p50", "p99"});
    const bool by_quantiles = arguments.has("p50") || arguments.has("p99");
    const bool by_mean = arguments.has("mean") || arguments.has("cv");
    if (by_quantiles && by_mean) {
      arguments.fail("lognormal takes either mean and cv or p50 and p99", call_.column);
    }
    by_quantiles ? read_lognormal_quantiles(arguments) : read_lognormal_mean(arguments);
  }

  void read_lognormal_mean(ArgumentReader& arguments) {
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    const double cv = arguments.number("cv", {.low = 0, .high = 1e3});
    const double square = elementary::log(1 + cv * cv);
    make(arguments, Shape::lognormal, {elementary::log(mean) - square / 2, std::sqrt(square)},
         "lognormal(mean=" + spell(mean) + ", cv=" + exact_number(cv) + ")");
  }

  void read_lognormal_quantiles(ArgumentReader& arguments) {
    const double p50 = arguments.quantity("p50", quantity_, more_than_zero);
    const double p99 = arguments.quantity("p99", quantity_, more_than_zero);
    if (p99 < p50) arguments.fail_at("p99", " is less than p50");
    const double deviation = elementary::log(p99 / p50) / normal_quantile(0.99);
    make(arguments, Shape::lognormal, {elementary::log(p50), deviation},
         "lognormal(p50=" + spell(p50) + ", p99=" + spell(p99) + ")");
  }

  void read_weibull() {
    ArgumentReader arguments(call_, {"mean", "k"});
    const double mean = arguments.quantity("mean", quantity_, more_than_zero);
    const double k = arguments.number("k", {.low = 0.05, .high = 1000});
    const double scale = arguments.error() ? 0 : mean / gamma_function(1 + 1 / k);
    make(arguments, Shape::weibull, {scale, 1 / k},
         "weibull(mean=" + spell(mean) + ", k=" + exact_number(k) + ")");
  }

  void read_pareto() {
    ArgumentReader arguments(call_, {"alpha", "min", "max"});
    const double alpha = arguments.number("alpha", {.low = 0.01, .high = 1000});
    const double low = arguments.quantity("min", quantity_, more_than_zero);
    const double high = arguments.quantity("max", quantity_, more_than_zero);
    if (high <= low) arguments.fail_at("max", " must be more than min");
    make(arguments, Shape::pareto, {low, high, alpha, 1 - power(low / high, alpha)},
         "pareto(alpha=" + exact_number(alpha) + ", min=" + spell(low) + ", max=" + spell(high) +
             ")");
  }

  void read_mix() {
    made_.shape_ = Shape::mix;
    made_.text_ = "mix(";
    double total = 0;
    for (const Argument& argument : call_.arguments) read_part(argument, total);
    if (error_) return;
    // Percentages add up to 100 within their rounding.
    if (std::abs(total - 1) > 1e-9) {
      return fail("the shares of mix add up to " + exact_number(std::round(total * 1e6) / 1e4) +
                  "%, not to 100%");
    }
    made_.shares_.back() = 1;
    made_.text_ += ")";
  }

  void read_part(const Argument& argument, double& total) {
    const Expression& pair = argument.value;
    if (error_) return;
    if (pair.kind != Expression::Kind::pair || !argument.key.empty()) {
      error_ = ParseError{"mix takes shares, such as mix(99%: const(1ms), 1%: const(100ms))",
                          pair.column};
      return;
    }
    const auto share = read_literal(pair.arguments[0].value, parse_percent);
    if (!share) return void(error_ = share.error());
    auto part = Distribution::from(pair.arguments[1].value, quantity_, folder_);
    if (!part) return void(error_ = part.error());
    if (part->per_byte_ != 0) {
      return fail("a part by size stands behind the whole mix: mix(...) + 4ns/B");
    }
    if (!made_.parts_.empty()) made_.text_ += ", ";
    made_.text_ += exact_percent(*share) + ": " + part->text_;
    total += *share;
    made_.shares_.push_back(total);
    made_.parts_.push_back(std::move(*part));
  }

  // Each value as likely as the next: X of rank ⌈u·n⌉, so a greater u never gives a smaller one.
  void read_empirical() {
    ArgumentReader arguments(call_, {"file", "column", "unit"});
    arguments.expression("file");
    const ColumnSource source{.folder = folder_,
                              .file = arguments.optional_text("file"),
                              .column = arguments.optional_text("column"),
                              .unit = arguments.optional_text("unit")};
    if (arguments.error()) return void(error_ = arguments.error());
    auto values = read_column(source, quantity_);
    if (!values) return fail(std::move(values.error()));
    std::ranges::sort(*values);
    const auto n = static_cast<double>(values->size());
    const double mean = std::accumulate(values->begin(), values->end(), 0.0) / n;
    double squares = 0;
    for (const double value : *values) squares += (value - mean) * (value - mean);
    made_.values_ = std::make_shared<const std::vector<double>>(std::move(*values));
    make(arguments, Shape::empirical, {mean, squares / n},
         "empirical(" + spell_arguments(source) + ")");
  }

  void fail(std::string message) { error_ = ParseError{std::move(message), call_.column}; }

  const Expression& call_;
  const Quantity quantity_;
  const std::filesystem::path& folder_;
  Distribution made_;
  std::optional<ParseError> error_;
};

namespace {

// A literal where a distribution should stand is nearly always a forgotten const().
std::unexpected<ParseError> not_a_distribution(const Expression& found) {
  const std::string hint = found.kind == Expression::Kind::literal
                               ? "; write const(" + found.word + ")"
                               : ", such as exp(10ms)";
  return error("expected a distribution" + hint, found);
}

}  // namespace

Result Distribution::from(const Expression& expression, Quantity quantity,
                          const std::filesystem::path& folder) {
  if (expression.kind == Expression::Kind::sum) {
    auto base = from(expression.arguments[0].value, quantity, folder);
    if (!base) return base;
    const Expression& slope = expression.arguments[1].value;
    if (quantity != Quantity::duration) return error("only a time can grow with the size", slope);
    const auto per_byte = read_literal(slope, parse_time_per_byte);
    if (!per_byte) return std::unexpected(per_byte.error());
    base->per_byte_ += *per_byte;
    return base;
  }
  if (expression.kind != Expression::Kind::call) return not_a_distribution(expression);
  return DistributionReader(expression, quantity, folder).read();
}

Result Distribution::parse(std::string_view text, Quantity quantity,
                           const std::filesystem::path& folder) {
  const auto expression = parse_expression(text);
  if (!expression) return std::unexpected(expression.error());
  return from(*expression, quantity, folder);
}

}  // namespace weir::sim
