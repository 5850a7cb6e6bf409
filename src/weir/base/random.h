// Random numbers as a pure function of (key, purpose, entity, draw): Philox4x32-10.
//
// A stream is named, not advanced from a common source: whoever knows the key can draw the numbers
// of request 17 without those of request 16, and a draw added in one place shifts no other. That is
// what makes policies meet the same arrivals and lets one request be replayed alone.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir {

// Key of all the streams of one run: the user's seed and the number of the replication.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t replication = 0;

  bool operator==(const RandomKey&) const = default;
};

// A purpose names a family of streams, such as "arrival" or "select".
struct Purpose {
  std::uint32_t value = 0;

  // FNV-1a of the name, computed by the compiler.
  consteval Purpose(const char* name) : value(2166136261u) {
    for (; *name != 0; ++name) value = (value ^ static_cast<unsigned char>(*name)) * 16777619u;
  }
};

// One block of Philox4x32-10.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

class Random {
 public:
  // The stream of `entity` (a request, a worker, a client …) for one purpose.
  Random(RandomKey key, Purpose purpose, std::uint64_t entity = 0);

  // 64 uniform bits. Cost: a block of Philox (about 10 ns) at every second call, else a load.
  std::uint64_t next() {
    if (!has_spare_) return next_block();
    has_spare_ = false;
    return spare_;
  }

  // Uniform in the open interval (0, 1): one of the 2^52 odd multiples of 2^-53, so that 1 - u is
  // as likely as u and neither end can be rounded to.
  double uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

  // Uniform in [0, bound), exactly. Requires: bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t next_block();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::uint64_t spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace weir
