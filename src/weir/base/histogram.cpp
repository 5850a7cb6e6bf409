#include "weir/base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "weir/base/check.h"
#include "weir/base/elementary.h"

namespace weir {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int resolution_bits = 10;  // 2^10 buckets for each power of two
constexpr std::size_t per_octave = std::size_t{1} << resolution_bits;

// Rank, from 1, of the value that is the p-quantile of n.
std::uint64_t rank_of(double p, std::uint64_t n) {
  // A little less than n·p, so that 0.07 · 100, which is 7.000000000000001, stays the 7th.
  const double rank = std::ceil(static_cast<double>(n) * p * (1 - 0x1p-50));
  if (!(rank > 1)) return 1;
  return rank >= static_cast<double>(n) ? n : static_cast<std::uint64_t>(rank);
}

}  // namespace

std::size_t Histogram::index_of(std::uint64_t value) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - (resolution_bits + 1));
  return static_cast<std::size_t>(shift) * per_octave + static_cast<std::size_t>(value >> shift);
}

Histogram::Bucket Histogram::bucket_at(std::size_t index, std::uint64_t count) {
  if (index < 2 * per_octave) {
    const auto value = static_cast<std::int64_t>(index);
    return {value, value, count};
  }
  const std::size_t shift = index / per_octave - 1;
  const std::uint64_t low = std::uint64_t{index - shift * per_octave} << shift;
  const std::uint64_t width = std::uint64_t{1} << shift;
  return {static_cast<std::int64_t>(low), static_cast<std::int64_t>(low + (width - 1)), count};
}

// A function of the greatest value alone, so that equal contents have equal counts.
void Histogram::grow(std::size_t index) {
  counts_.resize((index / per_octave + 1) * per_octave);
}

void Histogram::record(std::int64_t value) {
  WEIR_CHECK(value >= 0, "a negative value was recorded: the end was taken before the start");
  const auto bits = static_cast<std::uint64_t>(value);
  const std::size_t index = index_of(bits);
  if (index >= counts_.size()) [[unlikely]]
    grow(index);
  ++counts_[index];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += bits;
  squares_.add(Wide{bits} * bits);
}

void Histogram::merge(const Histogram& other) {
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  const std::uint64_t high = other.squares_.high;  // `other` may be *this
  squares_.add(other.squares_.low);
  squares_.high += high;
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

// About the mean. Σ(x - m)² = Σx² - 2mΣx + nm² is exact modulo 2^192 for a whole m; with m next to
// the mean nothing of size is left to cancel in floating point.
double Histogram::squared_deviations() const {
  const auto n = static_cast<double>(count_);
  const std::uint64_t middle = static_cast<std::uint64_t>(sum_ / count_);
  const Wide excess = sum_ - Wide{middle} * count_;  // Σ(x - m), less than count_
  // Σx² - m(2Σx - nm) = Σx² - m(Σx + Σ(x - m)): one product of 64 by 128 bits.
  const Wide factor = sum_ + excess;
  const Wide lower = Wide{middle} * static_cast<std::uint64_t>(factor);
  const Wide upper = Wide{middle} * static_cast<std::uint64_t>(factor >> 64) + (lower >> 64);
  const Wide low = (upper << 64) | static_cast<std::uint64_t>(lower);
  const auto high = static_cast<std::uint64_t>(upper >> 64);
  const Wide rest_low = squares_.low - low;
  const std::uint64_t rest_high = squares_.high - high - (squares_.low < low ? 1 : 0);
  const double about_middle =
      static_cast<double>(rest_high) * 0x1p128 + static_cast<double>(rest_low);
  const auto offset = static_cast<double>(excess);
  return std::max(0.0, about_middle - offset / n * offset);
}

double Histogram::standard_deviation() const {
  if (count_ < 2) return 0;
  return std::sqrt(squared_deviations() / static_cast<double>(count_ - 1));
}

std::int64_t Histogram::quantile(double p) const {
  if (count_ == 0) return 0;
  const std::uint64_t rank = rank_of(p, count_);
  if (rank == count_) return max_;
  if (rank == 1) return min_;
  std::uint64_t passed = 0;
  std::size_t index = 0;
  while ((passed += counts_[index]) < rank) ++index;
  const Bucket bucket = bucket_at(index, 0);
  return std::clamp(bucket.low + (bucket.high - bucket.low) / 2, min_, max_);
}

bool Histogram::supports(double p, std::uint64_t n) {
  if (p <= 0 || p >= 1) return n > 0;
  return static_cast<double>(n) * elementary::log(std::max(p, 1 - p)) <= elementary::log(0.025);
}

std::uint64_t Histogram::count_at_most(std::int64_t value) const {
  if (value < 0 || counts_.empty()) return 0;
  const std::size_t last =
      std::min(index_of(static_cast<std::uint64_t>(value)), counts_.size() - 1);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= last; ++i) count += counts_[i];
  return count;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> filled;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) filled.push_back(bucket_at(i, counts_[i]));
  }
  return filled;
}

}  // namespace weir
