#include "tests/layout/source_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace weir::layout {

namespace {

// Splits C++ into code and comments, both as long as the text, with spaces where the other stands.
class Splitter {
 public:
  explicit Splitter(const std::string& text) : text_(text), code_(blank(text)), comments_(code_) {}

  void split() {
    while (place_ < text_.size()) {
      if (follows("//")) {
        copy_until("\n", 0, comments_);
      } else if (follows("/*")) {
        copy_until("*/", 2, comments_);
      } else if (follows("R\"")) {
        skip_raw_literal();
      } else if (is_quote()) {
        skip_literal(text_[place_]);
      } else {
        copy(1, code_);
      }
    }
  }

  std::string& code() { return code_; }

  std::string& comments() { return comments_; }

 private:
  static std::string blank(const std::string& text) {
    std::string spaces(text.size(), ' ');
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') spaces[i] = '\n';
    }
    return spaces;
  }

  bool follows(std::string_view word) const {
    return std::string_view{text_}.substr(place_, word.size()) == word;
  }

  // An apostrophe after a digit or a letter separates digits (1'000).
  bool is_quote() const {
    if (text_[place_] == '"') return true;
    if (text_[place_] != '\'') return false;
    return place_ == 0 || std::isalnum(static_cast<unsigned char>(text_[place_ - 1])) == 0;
  }

  void copy(std::size_t count, std::string& target) {
    for (; count > 0 && place_ < text_.size(); --count, ++place_) target[place_] = text_[place_];
  }

  void copy_until(std::string_view end, std::size_t length, std::string& target) {
    const std::size_t found = text_.find(end, place_ + length);
    const std::size_t stop = found == std::string::npos ? text_.size() : found + length;
    copy(stop - place_, target);
  }

  void skip_literal(char quote) {
    copy(1, code_);
    while (place_ < text_.size() && text_[place_] != quote && text_[place_] != '\n') {
      place_ += text_[place_] == '\\' ? 2 : 1;
    }
    copy(1, code_);
  }

  void skip_raw_literal() {
    const std::size_t open = text_.find('(', place_);
    if (open == std::string::npos) return copy(2, code_);
    const std::string end = ")" + text_.substr(place_ + 2, open - place_ - 2) + "\"";
    copy(2, code_);
    const std::size_t found = text_.find(end, open);
    place_ = found == std::string::npos ? text_.size() : found + end.size() - 1;
    copy(1, code_);
  }

  const std::string& text_;
  std::string code_;
  std::string comments_;
  std::size_t place_ = 0;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

// An #include's path is a literal, but the rules read it.
void restore_includes(const std::vector<std::string>& lines, std::vector<std::string>& code) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (code[i].starts_with("#include")) code[i] = lines[i];
  }
}

SourceFile read_file(const std::filesystem::path& root, const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return {file.lexically_relative(root).generic_string(), text.str()};
}

}  // namespace

SourceFile::SourceFile(std::string path_of_file, std::string text)
    : path(std::move(path_of_file)), lines(split_lines(text)) {
  if (!is_cpp()) {
    comments = lines;
    return;
  }
  Splitter splitter(text);
  splitter.split();
  code = split_lines(splitter.code());
  comments = split_lines(splitter.comments());
  restore_includes(lines, code);
}

bool SourceFile::is_header() const {
  return path.ends_with(".h");
}

bool SourceFile::is_cpp() const {
  return is_header() || path.ends_with(".cpp");
}

std::string SourceFile::floor() const {
  const std::string house = "src/weir/";
  if (!path.starts_with(house)) return {};
  const std::size_t slash = path.find('/', house.size());
  if (slash == std::string::npos) return {};
  return path.substr(house.size(), slash - house.size());
}

std::vector<SourceFile> read_files(const std::string& root,
                                   const std::vector<std::string>& folders) {
  std::vector<std::filesystem::path> paths;
  for (const std::string& folder : folders) {
    const std::filesystem::path start = std::filesystem::path{root} / folder;
    if (std::filesystem::is_regular_file(start)) paths.push_back(start);
    if (!std::filesystem::is_directory(start)) continue;
    std::filesystem::recursive_directory_iterator walk{start};
    for (const auto end = std::filesystem::end(walk); walk != end; ++walk) {
      if (walk->path().filename() == "node_modules") walk.disable_recursion_pending();
      if (walk->is_regular_file()) paths.push_back(walk->path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<SourceFile> files;
  for (const auto& path : paths) files.push_back(read_file(root, path));
  return files;
}

std::string describe(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path;
    if (finding.line > 0) text += ":" + std::to_string(finding.line);
    text += ": " + finding.message + "\n";
  }
  return text;
}

bool starts_with_any(std::string_view text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return text.starts_with(prefix); });
}

}  // namespace weir::layout
