// A set of small numbers with every operation in constant time: dense list, places and bits.
//
// Members stand in a list without gaps, so that a random one is one draw away; the last member
// fills the gap of one that leaves. The bits find the next member in the order of the numbers.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace weir::balance {

class IndexSet {
 public:
  bool contains(std::uint32_t index) const {
    return index / 64 < bits_.size() && (bits_[index / 64] >> (index % 64) & 1) != 0;
  }
  std::span<const std::uint32_t> members() const { return members_; }

  // No effect on a member.
  void insert(std::uint32_t index);

  // Returns where in members() it stood. Requires: contains(index).
  std::uint32_t erase(std::uint32_t index);

  // Undoes erase(index), which had returned `place`, so that members() is as it was before.
  // Requires: what happened to the set since then has been undone.
  void restore(std::uint32_t index, std::uint32_t place);

  // The first member from `from` on, which wraps around.
  std::optional<std::uint32_t> next(std::uint32_t from) const;

 private:
  void mark(std::uint32_t index);

  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> places_;  // of a member in members_; stale for the others
  std::vector<std::uint64_t> bits_;
};

}  // namespace weir::balance
