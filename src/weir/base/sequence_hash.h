// One number for a sequence of numbers: equal sequences give equal ones, and others, but for
// chance, do not.
//
// The shape of FNV-1a, with a word at a time instead of a byte: a multiplication each, and the same
// on every machine. Not for tables, whose low bits it would fill badly, and no proof against
// somebody who tries.

#pragma once

#include <cstdint>

namespace weir {

class SequenceHash {
 public:
  SequenceHash() = default;

  // Goes on where another one has come to.
  explicit SequenceHash(std::uint64_t value) : value_(value) {}

  void add(std::uint64_t number) noexcept { value_ = (value_ ^ number) * 1099511628211u; }

  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

}  // namespace weir
