// The lowest score of many workers, changed and drawn in O(log n), ties at random by weight.
//
// A tournament: the leaves are workers, each inner node knows the better score of its two children
// and the total weight of the workers below it that have that score. A draw walks down from the
// root.
//
// Not Pike's binary heap: it breaks ties by where a worker happens to stand, so that idle workers
// form a hot spot, and random tickets as a second key favour whoever drew anew. Here ties are
// exact.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "weir/base/random.h"

namespace weir::balance {

class ScoreTree {
 public:
  // The score of a worker that is not to be drawn.
  static constexpr double absent = std::numeric_limits<double>::infinity();

  // Requires: weight > 0 unless the score is absent.
  void set(std::uint32_t index, double score, double weight);

  // One of those with the lowest score, each with a probability proportional to its weight. One
  // draw from `random`, none if there is no choice. Nothing if all are absent.
  std::optional<std::uint32_t> draw(Random& random) const;

 private:
  struct Node {
    double score = absent;
    double weight = 0;  // of the workers below with this score

    bool operator==(const Node&) const = default;
  };

  static Node better(const Node& left, const Node& right);
  void grow(std::size_t leaves);

  std::vector<Node> nodes_;  // the root is 1; the children of i are 2i and 2i + 1; leaves last
};

}  // namespace weir::balance
