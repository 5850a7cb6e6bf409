// The units of scenarios, by kind; shared by those who read quantities and those who spell them.
//
// A unit is a power of ten and a factor. The power goes into the decimal text before it is read, so
// 99.9% is the double nearest to 0.999, which 99.9 / 100 is not; a factor of 1 rounds nothing.

#pragma once

#include <array>
#include <string_view>

namespace weir::sim {

struct Unit {
  std::string_view name;
  int exponent;  // of ten
  double factor = 1;
};

inline constexpr std::array<Unit, 7> time_units = {
    {{"ns", -9}, {"us", -6}, {"ms", -3}, {"s", 0}, {"m", 0, 60}, {"h", 0, 3600}, {"d", 0, 86400}}};
inline constexpr std::array<Unit, 2> other_time_names = {{{"min", 0, 60}, {"\xC2\xB5s", -6}}};
inline constexpr std::array<Unit, 9> size_units = {{{"B", 0},
                                                    {"KiB", 0, 0x1p10},
                                                    {"MiB", 0, 0x1p20},
                                                    {"GiB", 0, 0x1p30},
                                                    {"TiB", 0, 0x1p40},
                                                    {"kB", 3},
                                                    {"MB", 6},
                                                    {"GB", 9},
                                                    {"TB", 12}}};
inline constexpr std::array<Unit, 3> count_units = {{{"", 0}, {"k", 3}, {"M", 6}}};
inline constexpr std::array<Unit, 1> percent_units = {{{"%", -2}}};

}  // namespace weir::sim
