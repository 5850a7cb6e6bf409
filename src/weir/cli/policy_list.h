// The value of --policies: policies with commas between them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

// Splits at commas outside of brackets and takes the spaces off both ends of each policy:
// "a, b(c=1,d=2)" gives "a" and "b(c=1,d=2)". What stands between two commas may be empty.
std::vector<std::string> split_policies(std::string_view list);

}  // namespace weir::cli
