#include "tests/layout/tidiness.h"

#include <algorithm>
#include <regex>
#include <utility>

namespace weir::layout {

namespace {

std::size_t characters(const std::string& line) {
  const auto continues = [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
  };
  return line.size() - static_cast<std::size_t>(std::count_if(line.begin(), line.end(), continues));
}

std::size_t size_stop(const SourceFile& file) {
  if (file.path.starts_with("examples/")) return example_stop;
  if (file.path.starts_with("tests/") && !file.is_header()) return test_stop;
  return file.is_header() ? header_stop : source_stop;
}

// A word that is not used in some places, and the word to use instead.
struct Ban {
  std::regex word;
  std::string instead;
  std::vector<std::string> places;  // beginnings of paths
  std::vector<std::string> except;
};

const std::vector<std::string> lockless_floors = {"src/weir/balance/", "src/weir/pool/",
                                                  "src/weir/rpc/", "src/weir/sim/"};

std::vector<Ban> bans_of_sharing() {
  const std::string instead = "a task owns what it changes: use channels, not shared state";
  const std::regex types{
      R"re(\bstd::((recursive_|timed_|recursive_timed_|shared_|shared_timed_)?mutex|atomic\w*)re"
      R"re(|lock_guard|unique_lock|scoped_lock|shared_lock|j?thread|this_thread)re"
      R"re(|condition_variable\w*|counting_semaphore|binary_semaphore|latch|barrier)re"
      R"re(|call_once|once_flag|async)\b|\bthread_local\b|\bpthread_\w+)re"};
  const std::regex headers{
      R"re(#include <(mutex|shared_mutex|atomic|thread|condition_variable|semaphore|latch)re"
      R"re(|barrier|future|stop_token)>)re"};
  return {{types, instead, lockless_floors, {}}, {headers, instead, lockless_floors, {}}};
}

std::vector<Ban> bans_of_clocks() {
  const std::vector<std::string> everywhere = {"src/", "tests/", "examples/"};
  const std::vector<std::string> clock = {"src/weir/runtime/clock.cpp"};
  return {
      {std::regex{R"re(\b\w+_clock\s*::\s*now\b|=\s*std::chrono::\w+_clock\b)re"},
       "ask the scheduler for the time: only runtime/clock.cpp reads a clock", everywhere, clock},
      {std::regex{R"re(\b(clock_gettime|gettimeofday|timespec_get|ftime|__rdtsc\w*|_rdtsc)\s*\()re"
                  R"re(|\b(std)?::(time|clock)\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\))re"},
       "ask the scheduler for the time: only runtime/clock.cpp reads a clock", everywhere, clock},
      {std::regex{R"re(\b(sleep_for|this_thread::sleep_until)\b)re"
                  R"re(|\b(usleep|nanosleep|clock_nanosleep)\s*\()re"},
       "a test waits for an event, in virtual time for a moment; it never sleeps",
       {"tests/", "examples/"},
       {}},
  };
}

std::vector<Ban> bans_of_others() {
  return {
      {std::regex{R"re(\batomic_(thread|signal)_fence\b)re"},
       "use an order on an atomic operation: thread sanitizer does not understand fences",
       {"src/", "tests/", "bench/", "examples/"},
       {"src/weir/runtime/lone_thread.h"}},  // where the kernel makes the other half of a pair
      {std::regex{R"re(\bstd::\w+_distribution\b|\bstd::(random_device|mt19937\w*|rand)\b)re"},
       "draw from weir::Random with our own samplers: others differ between libraries",
       {"src/"},
       {}},
  };
}

const std::vector<Ban>& bans() {
  static const std::vector<Ban> all = [] {
    std::vector<Ban> list;
    for (const auto& some : {bans_of_sharing(), bans_of_clocks(), bans_of_others()}) {
      list.insert(list.end(), some.begin(), some.end());
    }
    return list;
  }();
  return all;
}

// Walks over the braces of a file and notes each block of code that is too long.
class BlockWalk {
 public:
  explicit BlockWalk(const SourceFile& file) : file_(file) {}

  Findings walk() {
    for (line_ = 1; line_ <= file_.code.size(); ++line_) {
      const std::string& text = file_.code[line_ - 1];
      if (is_directive(text)) continue;
      if (is_inside_literal() && !blocks_.empty()) ++blocks_.back().data_lines;
      for (const char letter : text) step(letter);
      lead_ += ' ';
    }
    return std::move(findings_);
  }

 private:
  enum class Kind { code, container, table };

  struct Block {
    std::size_t first_line = 0;
    Kind kind = Kind::code;
    std::size_t data_lines = 0;  // of tables and long literals, which are not counted
  };

  // A line of which nothing is code and nothing is comment.
  bool is_inside_literal() const {
    const auto blank = [](const std::string& text) {
      return text.find_first_not_of(' ') == std::string::npos;
    };
    const std::size_t i = line_ - 1;
    return blank(file_.code[i]) && blank(file_.comments[i]) && !blank(file_.lines[i]);
  }

  // Lines of a macro count neither as code nor as braces.
  bool is_directive(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    const bool directive = continued_ || (first != std::string::npos && text[first] == '#');
    continued_ = directive && text.ends_with('\\');
    return directive;
  }

  void step(char letter) {
    if (letter == '{') {
      const Kind own = kind();
      // A table may stand in the middle of a long expression; a function begins with its lead.
      const bool has_lead = lead_line_ != 0 && own != Kind::table;
      blocks_.push_back({.first_line = has_lead ? lead_line_ : line_, .kind = own});
      clear_lead();
    } else if (letter == '}') {
      close_block();
      clear_lead();
    } else if (letter == ';') {
      clear_lead();
    } else {
      if (lead_line_ == 0 && letter != ' ') lead_line_ = line_;
      lead_ += letter;
    }
  }

  void clear_lead() {
    lead_.clear();
    lead_line_ = 0;
  }

  // By what stands before the brace.
  Kind kind() const {
    static const std::regex table{R"re((=|\(|,|\breturn)\s*$)re"};
    static const std::regex container{
        R"re(^\s*(requires\b.*\s)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b)re"};
    if (std::regex_search(lead_, table)) return Kind::table;
    return std::regex_search(declaration(), container) ? Kind::container : Kind::code;
  }

  // The lead without access specifier and template parameters, which may hold the word "class" too.
  std::string declaration() const {
    static const std::regex access{R"re(^\s*(public|private|protected)\s*:)re"};
    std::string rest = std::regex_replace(lead_, access, "");
    rest.erase(0, rest.find_first_not_of(' '));
    if (!rest.starts_with("template")) return rest;
    int depth = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (rest[i] == '<') ++depth;
      if (rest[i] == '>' && --depth == 0) return rest.substr(i + 1);
    }
    return rest;
  }

  void close_block() {
    if (blocks_.empty()) return;
    const Block block = blocks_.back();
    blocks_.pop_back();
    const std::size_t span = line_ - block.first_line + 1;
    if (!blocks_.empty()) {
      blocks_.back().data_lines += block.kind == Kind::table ? span - 1 : block.data_lines;
    }
    const std::size_t length = span - block.data_lines;
    if (block.kind != Kind::code || length <= function_stop) return;
    findings_.push_back({file_.path, block.first_line,
                         "a function of " + std::to_string(length) + " lines; the stop is " +
                             std::to_string(function_stop)});
  }

  const SourceFile& file_;
  std::size_t line_ = 0;
  std::string lead_;           // the code since the last brace or semicolon
  std::size_t lead_line_ = 0;  // where it begins; 0: nothing yet
  bool continued_ = false;
  std::vector<Block> blocks_;
  Findings findings_;
};

}  // namespace

Findings check_columns(const SourceFile& file) {
  if (!file.is_cpp()) return {};
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (characters(file.lines[i]) <= columns_stop) continue;
    findings.push_back({file.path, i + 1, "longer than " + std::to_string(columns_stop)});
  }
  return findings;
}

Findings check_file_size(const SourceFile& file) {
  if (!file.is_cpp() || file.lines.size() <= size_stop(file)) return {};
  return {{file.path, 0,
           std::to_string(file.lines.size()) + " lines; the stop is " +
               std::to_string(size_stop(file))}};
}

Findings check_function_sizes(const SourceFile& file) {
  if (!file.is_cpp()) return {};
  return BlockWalk(file).walk();
}

Findings check_words(const SourceFile& file) {
  Findings findings;
  for (const Ban& ban : bans()) {
    if (!starts_with_any(file.path, ban.places) || starts_with_any(file.path, ban.except)) continue;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.code[i], match, ban.word)) continue;
      findings.push_back({file.path, i + 1, match.str() + ": " + ban.instead});
    }
  }
  return findings;
}

Findings check_names(const SourceFile& file) {
  static const std::regex folder{
      R"re((^|/)(details?|utils?|common|helpers?|managers?|misc|impl|internal)/)re"};
  static const std::regex space{
      R"re(\bnamespace [\w:]*\b(details?|utils?|common|helpers?|misc|impl|internal)\b)re"};
  Findings findings;
  if (std::regex_search(file.path, folder)) {
    findings.push_back({file.path, 0, "name the folder for what is in it"});
  }
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    if (!std::regex_search(file.code[i], space)) continue;
    findings.push_back({file.path, i + 1, "name the namespace for what is in it"});
  }
  return findings;
}

Findings check_leftovers(const SourceFile& file) {
  static const std::regex promise{R"re(\b(TODO|FIXME|XXX)\b)re"};
  static const std::regex kept{R"re(\bTODO\([a-z-]+, #[0-9]+\):)re"};
  static const std::regex machine{R"re((^|[^\w.$}/])/(work|tmp|home|root|Users|mnt)/)re"};
  Findings findings;
  const auto note = [&](std::size_t i, const std::string& message) {
    findings.push_back({file.path, i + 1, message});
  };
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) {
      note(i, "white space at the end");
    }
    if (file.is_cpp() && line.find('\t') != std::string::npos) note(i, "a tab");
    if (std::regex_search(line, machine)) note(i, "a path of one machine");
    const std::string& comment = file.comments[i];
    if (std::regex_search(comment, promise) && !std::regex_search(comment, kept)) {
      note(i, "write TODO(kind, #issue): …, or do it");
    }
  }
  return findings;
}

}  // namespace weir::layout
