// The smallest scenario that says a little of everything: what tests of the reader change one piece
// of.

#pragma once

#include <string_view>

namespace weir::sim {

inline constexpr std::string_view base = R"toml(weir = 1
name = "base"
[horizon]
time = "600s"
warmup = "60s"
[[load]]
name = "web"
arrival = "poisson(700/s)"
service = "exp(10ms)"
[balancer]
policy = "p2c"
[[workers]]
name = "fast"
count = 9
)toml";

}  // namespace weir::sim
