#include "weir/balance/score_tree.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::balance {

void ScoreTree::set(std::uint32_t index, double score, double weight) {
  if (std::size_t{index} + 1 > nodes_.size() / 2) grow(std::size_t{index} + 1);
  std::size_t node = nodes_.size() / 2 + index;
  const Node leaf = score < absent ? Node{.score = score, .weight = weight} : Node{};
  if (nodes_[node] == leaf) return;
  nodes_[node] = leaf;
  while (node > 1) {
    node /= 2;
    nodes_[node] = better(nodes_[2 * node], nodes_[2 * node + 1]);
  }
}

std::optional<std::uint32_t> ScoreTree::draw(Random& random) const {
  if (nodes_.empty() || !(nodes_[1].score < absent)) return std::nullopt;
  const double best = nodes_[1].score;
  std::optional<double> rest;  // of the weight to walk past; drawn when the first tie is met
  std::size_t node = 1;
  while (node < nodes_.size() / 2) {
    const Node& left = nodes_[2 * node];
    const Node& right = nodes_[2 * node + 1];
    node *= 2;
    if (left.score > best) {
      ++node;
    } else if (right.score == best) {
      if (!rest) rest = random.uniform() * (left.weight + right.weight);
      if (*rest >= left.weight) {
        *rest -= left.weight;
        ++node;
      }
    }
  }
  return static_cast<std::uint32_t>(node - nodes_.size() / 2);
}

ScoreTree::Node ScoreTree::better(const Node& left, const Node& right) {
  if (left.score < right.score) return left;
  if (right.score < left.score) return right;
  return {.score = left.score, .weight = left.weight + right.weight};
}

void ScoreTree::grow(std::size_t leaves) {
  const std::size_t old_half = nodes_.size() / 2;
  const std::size_t half = std::bit_ceil(leaves);
  std::vector<Node> wider(2 * half);
  for (std::size_t leaf = 0; leaf < old_half; ++leaf) wider[half + leaf] = nodes_[old_half + leaf];
  for (std::size_t node = half; node-- > 1;) {
    wider[node] = better(wider[2 * node], wider[2 * node + 1]);
  }
  nodes_ = std::move(wider);
}

}  // namespace weir::balance
