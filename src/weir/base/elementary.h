// Logarithm, exponential and power that give the same bits everywhere.
//
// The C library takes another code path on processors with fused multiplication, and its last bit
// differs between versions; a simulation that calls it is another run on another machine. These use
// only operations that IEEE 754 fixes (+ - * / and bit patterns), in a written order.
//
// In a namespace of their own, so that log(x) can never quietly mean one or the other.
//
// Requires: compiled without contraction (-ffp-contract=off) and in the default rounding mode.

#pragma once

namespace weir::elementary {

// Natural logarithm, within 1 ulp; -inf at 0, NaN below. Cost: about 6 ns.
double log(double x);

// e^x, within 1 ulp; 0 from -745.14 down, +inf from 709.79 up. Cost: about 6 ns.
double exp(double x);

// x^y with the special cases of C's pow, within 1 ulp. Cost: about 60 ns; where the last digits of
// a great power do not matter, exp(y * log(x)) takes 13.
double pow(double x, double y);

// Sine and cosine of x full turns (2πx radians), within 1e-16; exact at the quarters.
// Requires: |x| < 2^51.
double sine_of_turns(double x);
double cosine_of_turns(double x);

}  // namespace weir::elementary
