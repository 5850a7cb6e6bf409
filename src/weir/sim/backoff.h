// The compact text of a retry's pauses: exp(50ms, x2, cap=1s, jitter=full).

#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "weir/base/time.h"
#include "weir/sim/quantity.h"

namespace weir::sim {

// The pause before attempt n + 1: base · factor^(n-1), at most cap, and all or none of it drawn.
// The defaults are Envoy's (25 ms, ten times that); full jitter is AWS's (Brooker 2015).
struct Backoff {
  enum class Jitter {
    none,
    full,  // uniform between 0 and the pause
  };

  Duration base = std::chrono::milliseconds{25};  // 0: at once
  double factor = 2;                              // at least 1
  Duration cap = std::chrono::milliseconds{250};  // at least base
  Jitter jitter = Jitter::full;

  // The spelling that parse_backoff() reads.
  std::string text() const;

  bool operator==(const Backoff&) const = default;
};

// "none", or exp(BASE, xFACTOR, cap=TIME, jitter=full|none). What is left out: x2, cap = 10 · base,
// full.
std::expected<Backoff, ParseError> parse_backoff(std::string_view text);

}  // namespace weir::sim
