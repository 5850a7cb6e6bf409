// The Common Log Format and what has been added to it since: the combined one, and words behind it
// such as Apache's %D and nginx's $request_time.
//
// Whatever stands before the time is of no interest here, so a virtual host or a user name with
// blanks does no harm. Within quotes a backslash takes the next letter with it, as Apache writes
// it.

#include <charconv>

#include "weir/sim/access_log.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

void skip_blanks(std::string_view& rest) {
  while (rest.starts_with(' ') || rest.starts_with('\t')) rest.remove_prefix(1);
}

// "…" with its quotes; empty if it does not end.
std::string_view take_quoted(std::string_view& rest) {
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      const std::string_view found = rest.substr(0, i + 1);
      rest.remove_prefix(i + 1);
      return found;
    }
  }
  return {};
}

// The next word, quoted or not; empty at the end.
std::string_view take_word(std::string_view& rest) {
  skip_blanks(rest);
  if (rest.starts_with('"')) {
    if (const auto found = take_quoted(rest); !found.empty()) return found;
  }
  const std::string_view found = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(found.size());
  return found;
}

std::string_view unquoted(std::string_view word) {
  if (word.size() < 2 || !word.starts_with('"')) return word;
  return word.substr(1, word.size() - 2);
}

class CommonLogParser final : public LogParser {
 public:
  CommonLogParser(LogFormat format, const LogOptions& options)
      : format_(format), duration_(options.duration.name), unit_(options.duration.unit) {
    if (duration_ == "none") duration_.clear();
    const char* const end = duration_.data() + duration_.size();
    const auto [stopped, error] = std::from_chars(duration_.data(), end, number_);
    if (error != std::errc() || stopped != end) number_ = 0;
  }

  LogFormat format() const override { return format_; }
  LogUnit duration_unit() const override { return unit_; }

  std::expected<LogLine, std::string> parse(std::string_view line) override {
    LogLine parts;
    skip_blanks(line);
    parts.skipped = line.empty() || line.starts_with('#');
    if (parts.skipped) return parts;
    std::string_view rest = line;
    if (auto read = read_time(rest, parts); !read) return Error(read.error());
    if (auto read = read_request(rest, parts); !read) return Error(read.error());
    if (!duration_.empty()) {
      parts.duration = find_duration(rest);
      if (!parts.duration) return Error("there is no duration '" + duration_ + "' behind it");
    }
    return parts;
  }

 private:
  using Read = std::expected<void, std::string>;

  static Read read_time(std::string_view& rest, LogLine& parts) {
    const std::size_t begin = rest.find('[');
    const std::size_t end = begin == std::string_view::npos ? begin : rest.find(']', begin);
    if (end == std::string_view::npos) {
      return Error("there is no time in brackets, such as [10/Oct/2000:13:55:36 -0700]");
    }
    parts.time = rest.substr(begin, end - begin + 1);
    rest.remove_prefix(end + 1);
    return {};
  }

  Read read_request(std::string_view& rest, LogLine& parts) const {
    skip_blanks(rest);
    if (!rest.starts_with('"') || take_quoted(rest).empty()) {
      return Error("there is no request in quotes behind the time");
    }
    const std::string_view status = take_word(rest);
    parts.bytes = take_word(rest);
    if (status.size() != 3 || parts.bytes->empty()) {
      return Error("status and bytes are not behind the request");
    }
    if (format_ == LogFormat::common) return {};
    for (int i = 0; i < 2; ++i) {
      skip_blanks(rest);
      if (!rest.starts_with('"') || take_quoted(rest).empty()) {
        return Error("referer and user agent are not behind it in quotes");
      }
    }
    return {};
  }

  std::optional<std::string_view> find_duration(std::string_view rest) const {
    std::optional<std::string_view> last;
    std::size_t count = 0;
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
      last = unquoted(word);
      if (++count == number_) return last;
      const bool named = last->size() > duration_.size() && last->starts_with(duration_) &&
                         (*last)[duration_.size()] == '=';
      if (named) return unquoted(last->substr(duration_.size() + 1));
    }
    return duration_ == "last" ? last : std::nullopt;
  }

  const LogFormat format_;
  std::string duration_;  // as LogField has it; empty: none
  const LogUnit unit_;
  std::size_t number_ = 0;  // of the word; 0: by name
};

}  // namespace

std::unique_ptr<LogParser> common_log_parser(LogFormat format, const LogOptions& options) {
  return std::make_unique<CommonLogParser>(format, options);
}

}  // namespace weir::sim
