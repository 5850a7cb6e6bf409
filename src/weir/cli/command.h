// The commands of the program: each does its work, writes its data and gives its exit code.

#pragma once

#include <expected>
#include <string>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"

namespace weir::cli {

// An exit code of exit_code::, or what is wrong with the input (or with where the output should
// go), in one line.
using Outcome = std::expected<int, std::string>;

Outcome run_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome compare_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome sweep_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome merge_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome plan_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome replay_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome check_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome validate_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome bench_command(const Arguments& arguments, const balance::Catalog& catalog);
Outcome list_command(const Arguments& arguments, const balance::Catalog& catalog);

}  // namespace weir::cli
