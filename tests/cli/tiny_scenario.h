// A scenario that runs in a blink.

#pragma once

#include <string>

namespace weir::cli {

// One load, one worker. `expect` bounds the mean response, such as "1s".
inline std::string tiny_scenario(const std::string& expect = "1s") {
  return R"toml(# Quick?
weir = 1
name = "tiny"
[horizon]
kind = "terminating"
time = "100s"
replications = 4
[[load]]
name = "web"
arrival = "poisson(20/s)"
service = "exp(10ms)"
[[workers]]
name = "one"
[[expect]]
metric = "web.response.mean"
max = ")toml" +
         expect + "\"\n";
}

}  // namespace weir::cli
