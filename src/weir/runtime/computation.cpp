#include "weir/runtime/computation.h"

#include <algorithm>
#include <array>

#include "weir/runtime/clock.h"

namespace weir {
namespace {

constexpr Duration sample_min = std::chrono::microseconds(200);
constexpr std::uint64_t rounds_max = std::uint64_t{1} << 26;  // of a sample, or twice that
constexpr std::size_t samples = 15;

}  // namespace

// Knuth's generator of numbers (MMIX): a multiplication and an addition, a few cycles a round.
std::uint64_t compute(std::uint64_t rounds) noexcept {
  std::uint64_t number = rounds;
  for (; rounds > 0; --rounds) {
    number = number * 6364136223846793005u + 1442695040888963407u;
    asm volatile("" : "+r"(number));  // The compiler has to do each.
  }
  return number;
}

std::uint64_t ComputingRate::rounds_in(Duration duration) const noexcept {
  if (duration <= Duration::zero()) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(duration.count()) * rounds_per_ns);
}

ComputingRate measure_rate(const std::function<void(std::uint64_t)>& computes,
                           const std::function<Duration()>& clock) {
  const auto taken_by = [&](std::uint64_t rounds) {
    const Duration before = clock();
    computes(rounds);
    return clock() - before;
  };
  std::uint64_t rounds = 1000;
  while (taken_by(rounds) < sample_min && rounds < rounds_max) rounds *= 2;
  std::array<double, samples> rates{};
  for (double& rate : rates) {
    const auto taken = std::max(Duration(1), taken_by(rounds));
    rate = static_cast<double>(rounds) / static_cast<double>(taken.count());
  }
  std::ranges::sort(rates);
  const double median = rates[samples / 2];
  return {.rounds_per_ns = median,
          .spread = (rates[samples - 1 - samples / 4] - rates[samples / 4]) / median};
}

const ComputingRate& computing_rate() {
  static const ComputingRate rate = measure_rate(compute, processor_time);
  return rate;
}

}  // namespace weir
