// Which key a request carries, written zipf(1000, s=1.1) or uniform(1000).
//
// Keys are the ranks 1 to n: key k is drawn with a probability in proportion to k^-s. The sampler
// inverts the exact distribution, a table of n sums: one uniform number gives one key, and the same
// bits on every machine. Turned down: rejection (Hörmann and Derflinger 1996), which needs no table
// but an unknown number of draws.

#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/random.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

class KeyChoice {
 public:
  // zipf(N, s=S), S = 1 if it is left out, or uniform(N). At most a million keys.
  static std::expected<KeyChoice, ParseError> parse(std::string_view text);

  // A key from 1 to n. Cost: a search in the table, log2(n) steps.
  std::uint64_t sample(Random& random) const;

  // Exact, but for the last bits of a double. Requires: 1 <= key <= n.
  double probability(std::uint64_t key) const;

  // The canonical spelling: parse() reads it back as an equal choice.
  const std::string& text() const { return text_; }

  bool operator==(const KeyChoice& other) const { return text_ == other.text_; }

 private:
  KeyChoice(std::uint64_t keys, double exponent, std::string text);

  std::shared_ptr<const std::vector<double>> sums_;  // of weights up to each key; immutable
  std::string text_;
};

}  // namespace weir::sim
