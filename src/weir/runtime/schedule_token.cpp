#include "weir/runtime/schedule_token.h"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

namespace weir {
namespace {

constexpr std::string_view digits64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::array<std::string_view, 3> words = {"random", "pct", "path"};

// A number in digits of 5 bits, the lowest first; the sixth says that another one follows.
void append_number(std::string& text, std::uint64_t number) {
  for (; number >= 32; number >>= 5) text += digits64[32 + number % 32];
  text += digits64[number];
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !text.empty(); shift += 5) {
    const std::size_t digit = digits64.find(text.front());
    if (digit == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
    number |= std::uint64_t{digit % 32} << shift;
    if (digit < 32) return number;
  }
  return std::nullopt;
}

// For each choice that is not plain: how many plain ones before it, and which one it is.
std::string spell_path(const Path& path) {
  std::string text;
  std::uint64_t plain = 0;
  for (const Choice& choice : path) {
    if (choice.taken == 0) {
      ++plain;
      continue;
    }
    append_number(text, std::exchange(plain, 0));
    append_number(text, choice.taken);
  }
  return text;
}

std::optional<Path> parse_path(std::string_view text) {
  constexpr std::size_t length_max = 10'000'000;
  Path path;
  while (!text.empty()) {
    const auto plain = take_number(text);
    const auto taken = take_number(text);
    if (!plain || !taken || *plain > length_max - path.size()) return std::nullopt;
    path.resize(path.size() + *plain);
    path.push_back({*taken, 0});
  }
  return path;
}

template <class T>
bool parse_digits(std::string_view text, T& number, int base = 10) {
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, base);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool parse_part(std::string_view part, ScheduleToken& token) {
  if (part.empty()) return false;
  const std::string_view rest = part.substr(1);
  switch (part.front()) {
    case 's':
      return parse_digits(rest, token.seed);
    case 'r':
      return parse_digits(rest, token.run);
    case 'd':
      return parse_digits(rest, token.depth);
    case 'k':
      return parse_digits(rest, token.steps);
    case 'p':
      return parse_digits(rest, token.processors) && token.processors > 0;
    case 'h':
      return rest.size() == 8 && parse_digits(rest, token.hash, 16);
    case 'c': {
      std::optional<Path> path = parse_path(rest);
      if (path) token.path = std::move(*path);
      return path.has_value();
    }
    default:
      return false;
  }
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = text.find('.'); dot != text.npos; dot = text.find('.')) {
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string spell_hash(std::uint32_t hash) {
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[(hash >> shift) & 15];
  return text;
}

}  // namespace

std::string ScheduleToken::spell() const {
  std::string text(words[static_cast<std::size_t>(strategy)]);
  text += ".s" + std::to_string(seed);
  if (strategy == Explore::exhaustive) {
    text += ".c" + spell_path(path);
  } else {
    text += ".r" + std::to_string(run);
  }
  if (strategy == Explore::pct) {
    text += ".d" + std::to_string(depth) + ".k" + std::to_string(steps);
  }
  if (processors != 1) text += ".p" + std::to_string(processors);
  return text + ".h" + spell_hash(hash);
}

std::optional<ScheduleToken> ScheduleToken::parse(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  ScheduleToken token;
  std::size_t word = 0;
  while (word < words.size() && words[word] != parts.front()) ++word;
  if (word == words.size()) return std::nullopt;
  token.strategy = static_cast<Explore>(word);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!parse_part(parts[i], token)) return std::nullopt;
  }
  if (parts.back().front() != 'h') return std::nullopt;  // Cut off, most likely.
  return token;
}

std::unique_ptr<Strategy> ScheduleToken::make_strategy(const PathStrategy::Bounds& bounds) const {
  const RandomKey key = {seed, run};
  if (strategy == Explore::random) return std::make_unique<RandomStrategy>(key);
  if (strategy == Explore::pct) return std::make_unique<PriorityStrategy>(key, depth, steps);
  return std::make_unique<PathStrategy>(path, bounds);
}

}  // namespace weir
