// A source file as the layout rules see it: what it says, apart from what it remarks.
//
// Rules about names and braces read the code, rules about leftovers the comments; a word in a
// string literal is neither. All three texts have the same lines, so that any finding has a line
// number.
//
// Not a C++ parser: it knows comments, literals and braces, and no more. A rule that needs more is
// a rule for clang-tidy.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::layout {

struct SourceFile {
  // `path` is relative to the root of the project and uses slashes.
  SourceFile(std::string path, std::string text);

  bool is_header() const;
  bool is_cpp() const;  // a C++ header or source

  // "sync" for src/weir/sync/…; empty for all files outside the floors.
  std::string floor() const;

  std::string path;
  std::vector<std::string> lines;     // as written
  std::vector<std::string> code;      // comments and the insides of literals are spaces
  std::vector<std::string> comments;  // all but comments is spaces; for other languages: as written
};

// Everything below `folders` of `root` (a file may stand there too), in the order of its path.
std::vector<SourceFile> read_files(const std::string& root,
                                   const std::vector<std::string>& folders);

// One thing that breaks a rule.
struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0: the file as a whole
  std::string message;

  bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

// "path:line: message" for each, one a line: what a failing test prints.
std::string describe(const Findings& findings);

bool starts_with_any(std::string_view text, const std::vector<std::string>& prefixes);

}  // namespace weir::layout
