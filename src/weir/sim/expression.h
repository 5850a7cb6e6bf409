// The shape of the compact strings of a scenario, before anybody asks what they mean:
// name(argument, key=argument, …), lists, literals, and the three operators `:`, `@` and `+`.
//
// Distributions, arrivals and policies are read from this one tree, so brackets, commas, quotes and
// columns are settled once. A literal stays text: only its reader knows which unit it must carry.

#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/quantity.h"

namespace weir::sim {

struct Argument;

struct Expression {
  enum class Kind {
    literal,  // 10ms, 100/s, 99%, 5: `word` is the text
    text,     // "file.csv": `word` is what stands between the quotes
    call,     // exp(10ms), or a bare name: `word` is the name, `arguments` what it is given
    list,     // [100/s, 200/s]: `arguments` are its elements
    pair,     // 99%: const(1ms): two arguments
    at,       // exp(1s)@100/s: two arguments
    sum,      // const(1ms) + 4ns/B: two arguments
  };

  Kind kind = Kind::literal;
  std::string word;
  std::vector<Argument> arguments;
  std::size_t column = 1;  // where it starts, from 1
};

struct Argument {
  std::string key;  // empty for an argument given by its place
  Expression value;
};

// Reads the whole text; anything left over is an error.
std::expected<Expression, ParseError> parse_expression(std::string_view text);

}  // namespace weir::sim
