#include "weir/base/random.h"

#include <Random123/philox.h>

#include "weir/base/check.h"

namespace weir {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  const r123::Philox4x32::ctr_type block =
      r123::Philox4x32{}({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {block[0], block[1], block[2], block[3]};
}

namespace {

// Seed and replication fill 96 bits and the key has 64, so the replication is spread over it first.
// An odd multiplier and a bijection of 64 bits: two replications of one seed never share a key.
std::array<std::uint32_t, 2> mix(RandomKey key) {
  std::uint64_t bits = key.seed + std::uint64_t{key.replication} * 0x9E3779B97F4A7C15u;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
  bits ^= bits >> 31;
  return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
}

}  // namespace

Random::Random(RandomKey key, Purpose purpose, std::uint64_t entity)
    : key_(mix(key)),
      counter_{0, static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32),
               purpose.value} {}

std::uint64_t Random::next_block() {
  const auto block = philox(counter_, key_);
  ++counter_[0];
  spare_ = (std::uint64_t{block[3]} << 32) | block[2];
  has_spare_ = true;
  return (std::uint64_t{block[1]} << 32) | block[0];
}

std::uint64_t Random::below(std::uint64_t bound) {
  WEIR_CHECK(bound > 0, "a random number below zero was asked for");
  // Lemire's multiplication, with the rejection that makes it exact.
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide{next()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = Wide{next()} * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace weir
