#include "tests/docs/markdown.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <utility>

namespace weir::docs {
namespace {

const std::filesystem::path root = WEIR_SOURCE_DIR;

// Calls `visit(line, language, fence)` for each line; the language is absent in prose and at the
// fence that ends a block.
template <class Visit>
void for_each_line(const std::string& text, Visit visit) {
  std::istringstream lines(text);
  std::optional<std::string> language;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      if (language) {
        language.reset();
      } else {
        language = line.substr(3);
      }
      visit(std::string(), language, true);
    } else {
      visit(line, language, false);
    }
  }
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream file(root / path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Page> read_pages() {
  std::vector<std::string> paths = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() != ".md") continue;
    paths.push_back(std::filesystem::relative(entry.path(), root).generic_string());
  }
  std::ranges::sort(paths);
  std::vector<Page> pages;
  for (const std::string& path : paths) pages.push_back({.path = path, .text = read_text(path)});
  return pages;
}

std::vector<CodeBlock> code_blocks(const std::string& text) {
  std::vector<CodeBlock> blocks;
  for_each_line(text, [&](const std::string& line, const auto& language, bool fence) {
    if (!language) return;
    if (fence) {
      blocks.push_back({.language = *language, .text = {}});
    } else {
      blocks.back().text += line + "\n";
    }
  });
  return blocks;
}

std::string prose(const std::string& text) {
  std::string left;
  for_each_line(text, [&](const std::string& line, const auto& language, bool) {
    if (!language) left += line + "\n";
  });
  return left;
}

std::vector<std::string> linked_files(const std::string& text) {
  static const std::regex link{R"(\]\(([^)#\s]+)(#[^)]*)?\))"};
  const std::string page = prose(text);
  std::vector<std::string> files;
  for (std::sregex_iterator match(page.begin(), page.end(), link), end; match != end; ++match) {
    const std::string target = (*match)[1];
    if (target.find("://") == std::string::npos) files.push_back(target);
  }
  return files;
}

std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!word) word.emplace();
    } else if (quote == 0 && (c == ' ' || c == '|' || (c == '#' && !word))) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      if (c != ' ') return words;
    } else {
      if (!word) word.emplace();
      *word += c;
    }
  }
  if (word) words.push_back(*word);
  return words;
}

std::vector<std::string> commands(const std::string& text, const std::string& program) {
  std::vector<std::string> found;
  for (const CodeBlock& block : code_blocks(text)) {
    if (block.language != "sh") continue;
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(program + " ")) found.push_back(line);
    }
  }
  return found;
}

}  // namespace weir::docs
