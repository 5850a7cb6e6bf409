#pragma once

#include "weir/report/bench_report.h"

namespace weir::cli {

// What the figures are figures of: this machine, and how the program was built. Asked before
// anything is measured, it tells whether the machine is busy with something else.
report::BenchMachine bench_machine();

}  // namespace weir::cli
