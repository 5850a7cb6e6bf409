// Logarithm, exponential and power that give the same bits everywhere.
//
// The C library picks another code path on processors with fused multiplication, and its last bit
// differs between versions; a simulation that calls it is another run on another machine. These use
// only operations that IEEE 754 fixes (+ - * / and bit patterns) in a written order.
//
// Requires: compiled without contraction (-ffp-contract=off) and in the default rounding mode.

#pragma once

namespace weir {

// Natural logarithm, within 1 ulp. log(0) is -inf, of a negative number NaN. Cost: about 5 ns.
double log(double x);

// e^x, within 1 ulp; 0 below -745.14, +inf above 709.79. Cost: about 5 ns.
double exp(double x);

// x^y with the special cases of C's pow, within 1 ulp for x > 0. Cost: about 25 ns.
double pow(double x, double y);

// Sine and cosine of x full turns (2πx radians): exact at the quarters. Requires: |x| < 2^51.
double sine_of_turns(double x);
double cosine_of_turns(double x);

}  // namespace weir
