// Two functions that the samplers need beyond log and exp, with the same bits everywhere.

#pragma once

namespace weir::sim {

// Euler's gamma function, to 1e-14. Requires: 0 < x < 170.
double gamma_function(double x);

// The normal quantile: z with Φ(z) = p, to 1e-15. Requires: 0 < p < 1.
// Source: Wichura 1988, algorithm AS 241 (PPND16), whose coefficients it uses.
double normal_quantile(double p);

}  // namespace weir::sim
