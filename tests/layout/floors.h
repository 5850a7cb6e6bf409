// Who may include whom: the table of the floors, and the rule that reads it.

#pragma once

#include <string>
#include <vector>

#include "tests/layout/source_file.h"

namespace weir::layout {

struct Floor {
  std::string name;
  // Names of floors, or single headers ("sim/record.h") where a floor is open by a crack only.
  std::vector<std::string> may_include;
};

// The house, top floor first. An entry "NAME.h" is the header of that name beside the floors.
const std::vector<Floor>& house();

// Includes of weir's own headers that the table does not allow, and those not written "weir/…".
Findings check_floors(const SourceFile& file, const std::vector<Floor>& floors);

// Headers of others: in the library's headers none but the standard library's, in its sources those
// of the system where a floor may know that there is one, and Random123 behind base/random.
Findings check_foreign_headers(const SourceFile& file);

}  // namespace weir::layout
