#pragma once

namespace weir::cli {

// Whether standard output is a terminal that likes colours. NO_COLOR (no-color.org), if it is set
// and not empty, says no.
bool wants_colour();

}  // namespace weir::cli
