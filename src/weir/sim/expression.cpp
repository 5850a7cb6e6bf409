#include "weir/sim/expression.h"

#include <optional>
#include <utility>

namespace weir::sim {
namespace {

using Result = std::expected<Expression, ParseError>;
using Kind = Expression::Kind;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Recursive descent, one function for each rule:
//   pair := sum [ ':' pair ]      sum := at { '+' at }      at := term [ '@' term ]
//   term := literal | "text" | '[' arguments ']' | name [ '(' arguments ')' ]
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result whole() {
    Result result = pair();
    if (result && peek() != '\0') return error("expected the end, found " + here());
    return result;
  }

 private:
  static constexpr int depth_max = 32;

  Result pair() {
    if (++depth_ > depth_max) return error("brackets are nested too deep");
    Result left = sum();
    if (left && take(':')) left = join(Kind::pair, std::move(*left), pair());
    --depth_;
    return left;
  }

  Result sum() {
    Result left = at();
    while (left && take('+')) left = join(Kind::sum, std::move(*left), at());
    return left;
  }

  Result at() {
    Result left = term();
    if (left && take('@')) return join(Kind::at, std::move(*left), term());
    return left;
  }

  Result term() {
    const char c = peek();
    if (c == '"' || c == '\'') return quoted_text(c);
    if (c == '[') return list();
    if (is_letter(c)) return name_or_call();
    if (is_digit(c) || c == '.' || c == '-') return literal();
    return error(c == '\0' ? "the text ends too early" : "unexpected " + here());
  }

  Result literal() {
    Expression result{.kind = Kind::literal, .word = {}, .arguments = {}, .column = at_ + 1};
    const std::size_t start = at_;
    while (at_ < text_.size() && (in_literal(start) || in_gap())) ++at_;
    result.word = text_.substr(start, at_ - start);
    return result;
  }

  // A blank between a number and its unit, or beside their slash, as in 10 ms and 100 / s. It stays
  // in the literal, so that columns do.
  bool in_gap() const {
    if (!is_space(text_[at_])) return false;
    const std::size_t next = text_.find_first_not_of(" \t\n\r", at_);
    const std::size_t last = text_.find_last_not_of(" \t\n\r", at_);
    if (next == std::string_view::npos || last == std::string_view::npos) return false;
    const char after = text_[next], before = text_[last];
    if (after == '/' || before == '/') return true;
    const bool unit = is_letter(after) || after == '%' || static_cast<unsigned char>(after) >= 0x80;
    return unit && (is_digit(before) || before == '.');
  }

  // Letters, digits, units and their slash; a sign only at the start or in an exponent.
  bool in_literal(std::size_t start) const {
    const char c = text_[at_];
    if (c == '-' || c == '+') {
      const bool exponent = at_ > start && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
      return at_ == start || (exponent && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]));
    }
    return is_letter(c) || is_digit(c) || c == '.' || c == '/' || c == '%' ||
           static_cast<unsigned char>(c) >= 0x80;
  }

  Result quoted_text(char quote) {
    Expression result{.kind = Kind::text, .word = {}, .arguments = {}, .column = at_ + 1};
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return error("the quote is never closed");
    result.word = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return result;
  }

  Result list() {
    Expression result{.kind = Kind::list, .word = {}, .arguments = {}, .column = at_ + 1};
    ++at_;
    return arguments(std::move(result), ']');
  }

  Result name_or_call() {
    Expression result{.kind = Kind::call, .word = name(), .arguments = {}, .column = 0};
    result.column = at_ + 1 - result.word.size();
    if (!take('(')) return result;
    return arguments(std::move(result), ')');
  }

  Result arguments(Expression into, char closing) {
    if (take(closing)) return into;
    do {
      Argument argument;
      if (const auto key = take_key()) argument.key = *key;
      Result value = pair();
      if (!value) return value;
      argument.value = std::move(*value);
      into.arguments.push_back(std::move(argument));
    } while (take(','));
    if (take(closing)) return into;
    std::string message = "expected ',' or '";
    message.append(1, closing).append("', found ").append(here());
    return error(std::move(message));
  }

  std::optional<std::string> take_key() {
    const char c = peek();
    const std::size_t start = at_;
    if (!is_letter(c)) return {};
    std::string key = name();
    if (take('=')) return key;
    at_ = start;
    return {};
  }

  std::string name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  static Result join(Kind kind, Expression left, Result right) {
    if (!right) return right;
    Expression both{.kind = kind, .word = {}, .arguments = {}, .column = left.column};
    both.arguments.push_back({.key = {}, .value = std::move(left)});
    both.arguments.push_back({.key = {}, .value = std::move(*right)});
    return both;
  }

  // The next character that is no space; 0 at the end.
  char peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  std::string here() {
    const char c = peek();
    return c == '\0' ? "the end" : "'" + std::string(text_.substr(at_, 1)) + "'";
  }

  std::unexpected<ParseError> error(std::string message) const {
    return std::unexpected(ParseError{std::move(message), at_ + 1});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::expected<Expression, ParseError> parse_expression(std::string_view text) {
  return Parser(text).whole();
}

}  // namespace weir::sim
