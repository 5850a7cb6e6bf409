// weir validate: the laboratory held to theory, by the program's user instead of its authors.

#pragma once

#include <vector>

#include "weir/cli/command.h"
#include "weir/sim/validation.h"

namespace weir::cli {

// What validate_command() does with all cases. Tests bring cases with wrong answers.
Outcome validate(std::vector<sim::ValidationCase> cases, const Arguments& arguments,
                 const balance::Catalog& catalog);

}  // namespace weir::cli
