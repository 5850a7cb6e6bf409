// Texts that stand for many: "poisson({400..1000 step 100}/s)" is seven arrival processes.
//
// Braces hold numbers and ranges with commas between them, as in OMNeT++: {1, 2, 5..10} or
// {0.2..0.8 step 0.2}. Numbers are counted in whole units of their last decimal, never in floating
// point, so 0.6 stays 0.6 and the last value is there. Two braces in one text give every pair, the
// first changing slowest.

#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/quantity.h"

namespace weir::sim {

// All that `text` stands for, in order; itself if it has no braces. A text that is a range and
// nothing else, such as 1..8 or 10..2 step 2, needs none. At most limit::points values.
std::expected<std::vector<std::string>, ParseError> expand_values(std::string_view text);

// Splits at commas outside of any brackets and takes the spaces off both ends:
// "a, b(c=1,d=2), {1,2}" gives three.
std::vector<std::string> split_values(std::string_view list);

// The first number that stands for itself in a value, for comparisons: 800 of "poisson(800/s)", 3
// of "p2c(d=3)", none of "p2c".
std::optional<double> number_in(std::string_view value);

}  // namespace weir::sim
