// Which files a command leaves: those of its options, and where these say nothing those of the
// scenario's [output].

#pragma once

#include <expected>
#include <string>
#include <vector>

#include "weir/cli/arguments.h"
#include "weir/sim/scenario.h"

namespace weir::cli {

struct Destination {
  Arguments arguments{};             // with the files of [output] put in
  std::vector<std::string> files{};  // those that come from [output]
};

// The folder of [output] is made if something will be written there. Sweep and compare have no
// log, plan has JSON alone; --out of a sweep takes the place of the whole table. The error is one
// line.
std::expected<Destination, std::string> find_destination(const Arguments& arguments,
                                                         const sim::Scenario& scenario);

// Says on standard error what has been written because of [output], unless that is nothing or the
// user wants quiet.
void tell_files(const Destination& destination);

// The folder of [output] for one scenario: what weir check shows. Requires: it has an [output].
std::string output_folder(const sim::Scenario& scenario, const std::vector<std::string>& policies);

}  // namespace weir::cli
