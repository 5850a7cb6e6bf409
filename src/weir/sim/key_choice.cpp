#include "weir/sim/key_choice.h"

#include <algorithm>
#include <utility>

#include "weir/base/elementary.h"
#include "weir/sim/argument_reader.h"
#include "weir/sim/expression.h"

namespace weir::sim {
namespace {

constexpr Bounds key_count{.low = 1, .high = 1e6};
constexpr Bounds exponents{.low = 0, .high = 100};

}  // namespace

std::expected<KeyChoice, ParseError> KeyChoice::parse(std::string_view text) {
  const auto expression = parse_expression(text);
  if (!expression) return std::unexpected(expression.error());
  const bool is_zipf = expression->word == "zipf";
  if (expression->kind != Expression::Kind::call || (!is_zipf && expression->word != "uniform")) {
    return std::unexpected(
        ParseError{"write zipf(1000, s=1.1) or uniform(1000)", expression->column});
  }
  const auto read = [&](ArgumentReader arguments) -> std::expected<KeyChoice, ParseError> {
    const double keys = arguments.whole_number("n", key_count);
    const double s = !is_zipf ? 0 : !arguments.has("s") ? 1 : arguments.number("s", exponents);
    if (arguments.error()) return std::unexpected(*arguments.error());
    const std::string parameter = is_zipf ? ", s=" + exact_number(s) : "";
    return KeyChoice(static_cast<std::uint64_t>(keys), s,
                     expression->word + "(" + exact_number(keys) + parameter + ")");
  };
  if (is_zipf) return read(ArgumentReader(*expression, {"n", "s"}));
  return read(ArgumentReader(*expression, {"n"}));
}

KeyChoice::KeyChoice(std::uint64_t keys, double exponent, std::string text)
    : text_(std::move(text)) {
  std::vector<double> sums(keys);
  double sum = 0;
  for (std::uint64_t key = 1; key <= keys; ++key) {
    sum += elementary::pow(static_cast<double>(key), -exponent);
    sums[key - 1] = sum;
  }
  sums_ = std::make_shared<const std::vector<double>>(std::move(sums));
}

std::uint64_t KeyChoice::sample(Random& random) const {
  const double place = random.uniform() * sums_->back();
  const auto found = std::ranges::upper_bound(*sums_, place);
  const auto index = static_cast<std::uint64_t>(found - sums_->begin());
  return std::min<std::uint64_t>(index, sums_->size() - 1) + 1;
}

double KeyChoice::probability(std::uint64_t key) const {
  const double before = key > 1 ? (*sums_)[key - 2] : 0;
  return ((*sums_)[key - 1] - before) / sums_->back();
}

}  // namespace weir::sim
