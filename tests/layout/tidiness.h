// What every file of the project keeps to: sizes, words that are not used, nothing left behind.
//
// Each rule takes one file and says where it breaks. The limits are stops, not aims: a file that
// hits one asks for a better idea, not for a cut in the middle.

#pragma once

#include <string>
#include <vector>

#include "tests/layout/source_file.h"

namespace weir::layout {

inline constexpr std::size_t columns_stop = 100;
inline constexpr std::size_t header_stop = 300;
inline constexpr std::size_t source_stop = 500;
inline constexpr std::size_t test_stop = 800;
inline constexpr std::size_t example_stop = 60;
inline constexpr std::size_t function_stop = 70;

// Longer than columns_stop, counted in characters (not bytes). C++ only: prose wraps by itself.
Findings check_columns(const SourceFile& file);

Findings check_file_size(const SourceFile& file);

// Blocks of braces that are neither a namespace, a type nor a table: functions and lambdas. The
// lines of a table or of a long literal inside are data and do not count.
Findings check_function_sizes(const SourceFile& file);

// Names that must not be used where the file stands, with what to use instead.
Findings check_words(const SourceFile& file);

// Folders and namespaces whose name says nothing.
Findings check_names(const SourceFile& file);

// White space at the end of a line, tabs, to-dos that nobody has promised, paths of somebody's
// machine.
Findings check_leftovers(const SourceFile& file);

}  // namespace weir::layout
