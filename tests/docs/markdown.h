// A page of documentation as the tests see it: its blocks of code, its links, the files it names.
//
// Not a parser of Markdown: it knows fences, inline links and words in backquotes.

#pragma once

#include <string>
#include <vector>

namespace weir::docs {

struct CodeBlock {
  std::string language;  // "cpp", "sh" …; empty if none is named
  std::string text;
};

struct Page {
  std::string path;  // relative to the root of the project
  std::string text;
};

// README.md, CONTRIBUTING.md, CHANGELOG.md and everything in docs/, in the order of the paths.
std::vector<Page> read_pages();

// The text of a file of the project.
std::string read_text(const std::string& path);

std::vector<CodeBlock> code_blocks(const std::string& text);

// The page without its blocks of code.
std::string prose(const std::string& text);

// Targets of links to files: without those that lead to the web, and without "#section".
std::vector<std::string> linked_files(const std::string& text);

// The words of a command as a shell makes them, up to a pipe or a comment.
std::vector<std::string> shell_words(const std::string& line);

// Lines of blocks in sh that begin with `program`.
std::vector<std::string> commands(const std::string& text, const std::string& program);

}  // namespace weir::docs
