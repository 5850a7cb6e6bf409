// The whole command line of `weir` in one call, so that a program of yours can be the laboratory
// with your own policies in its catalog.
//
//   int main(int argc, char** argv) {
//     auto catalog = weir::balance::Catalog::standard();
//     catalog.add("mine", "what it does", weir::balance::custom<Mine>("mine"));
//     return weir::cli::run(argc, argv, catalog);
//   }

#pragma once

#include "weir/balance/catalog.h"

namespace weir::cli {

// What the program says of itself when it ends. Where several hold: the first of this order.
namespace exit_code {
inline constexpr int bad_input = 2;    // a file, an option or a value; nothing was run
inline constexpr int signalled = 128;  // plus the signal: 130, 143; a partial report was given
inline constexpr int invalid = 3;      // the run cannot be trusted, or could not be done
inline constexpr int missed = 1;       // an expectation was missed
inline constexpr int pass = 0;
}  // namespace exit_code

// Does what the words ask for and gives the exit code. Data goes to standard output, progress and
// errors to standard error. Starts threads, handles SIGINT and SIGTERM while an experiment runs,
// and ignores SIGPIPE meanwhile. Never throws.
int run(int argc, const char* const* argv,
        const balance::Catalog& catalog = balance::Catalog::standard());

}  // namespace weir::cli
