// Latencies in fixed memory: a histogram whose buckets grow with the value.
//
// The layout is that of HdrHistogram: below 2048 each value has its bucket, from there on each
// power of two is cut into 1024 equal ones, so a bucket is never wider than 1/1024 of its values
// and a quantile, taken at a bucket's middle, is off by at most 0.05 %. Count, sum and sum of
// squares are integers: mean and deviation are exact and merging is the same in every order.
//
// Not a t-digest: its result hangs on the order of insertion, and its far tail has no bound.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

class Histogram {
 public:
  // One more value, such as a latency in nanoseconds. Requires: value >= 0. Cost: a few ns; a new
  // maximum may lengthen the counts (at most 55 296 of them, 432 KiB).
  void record(std::int64_t value);

  // Adds what `other` holds.
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }

  // Exact. Of an empty histogram all are 0.
  std::int64_t min() const { return count_ == 0 ? 0 : min_; }
  std::int64_t max() const { return max_; }
  double mean() const;

  // Of the sample: divided by count - 1; 0 for fewer than two values.
  double standard_deviation() const;

  // The ceil(count·p)-th smallest value, to 0.05 %, within [min, max]; 0 when empty. Whether the
  // count can carry it is another question: see supports().
  std::int64_t quantile(double p) const;

  // Whether `n` independent values bound the p-quantile from both sides with 95 % confidence:
  // max(p, 1-p)^n <= 0.025, so 36, 72, 368, 3688 values for p = 0.9, 0.95, 0.99, 0.999.
  static bool supports(double p, std::uint64_t n);
  bool supports(double p) const { return supports(p, count_); }

  // How many values are at most `value`, counting whole buckets: for distribution plots.
  std::uint64_t count_at_most(std::int64_t value) const;

  // The buckets that hold something, in order.
  struct Bucket {
    std::int64_t low = 0;  // values of the bucket: [low, high]
    std::int64_t high = 0;
    std::uint64_t count = 0;

    bool operator==(const Bucket&) const = default;
  };
  std::vector<Bucket> buckets() const;

  bool operator==(const Histogram& other) const = default;

 private:
  __extension__ using Wide = unsigned __int128;

  // Sum of squares of values up to 2^63: 192 bits.
  struct Squares {
    Wide low = 0;
    std::uint64_t high = 0;

    void add(Wide more) {
      low += more;
      high += low < more ? 1 : 0;
    }
    bool operator==(const Squares&) const = default;
  };

  static std::size_t index_of(std::uint64_t value);
  static Bucket bucket_at(std::size_t index, std::uint64_t count);
  void grow(std::size_t index);
  double squared_deviations() const;

  std::vector<std::uint64_t> counts_;  // as long as the greatest value asks for, and no longer
  std::uint64_t count_ = 0;
  std::int64_t min_ = INT64_MAX;
  std::int64_t max_ = 0;
  Wide sum_ = 0;
  Squares squares_;
};

}  // namespace weir
