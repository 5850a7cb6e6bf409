#include "weir/balance/index_set.h"

#include <bit>
#include <cstddef>

#include "weir/base/check.h"

namespace weir::balance {

void IndexSet::insert(std::uint32_t index) {
  if (contains(index)) return;
  if (index >= places_.size()) {
    places_.resize(std::size_t{index} + 1);
    bits_.resize(std::size_t{index} / 64 + 1);
  }
  mark(index);
  places_[index] = static_cast<std::uint32_t>(members_.size());
  members_.push_back(index);
}

std::uint32_t IndexSet::erase(std::uint32_t index) {
  WEIR_CHECK(contains(index), "an index was erased from a set that does not hold it");
  mark(index);
  const std::uint32_t place = places_[index];
  const std::uint32_t last = members_.back();
  members_[place] = last;
  places_[last] = place;
  members_.pop_back();
  return place;
}

void IndexSet::restore(std::uint32_t index, std::uint32_t place) {
  insert(index);
  const std::uint32_t moved = members_[place];
  members_.back() = moved;
  places_[moved] = static_cast<std::uint32_t>(members_.size() - 1);
  members_[place] = index;
  places_[index] = place;
}

std::optional<std::uint32_t> IndexSet::next(std::uint32_t from) const {
  if (members_.empty()) return std::nullopt;
  if (from >= bits_.size() * 64) from = 0;
  std::size_t word = from / 64;
  std::uint64_t rest = bits_[word] & (~std::uint64_t{0} << (from % 64));
  while (rest == 0) {
    word = word + 1 < bits_.size() ? word + 1 : 0;
    rest = bits_[word];
  }
  return static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(rest));
}

void IndexSet::mark(std::uint32_t index) {
  bits_[index / 64] ^= std::uint64_t{1} << (index % 64);
}

}  // namespace weir::balance
