#include "weir/balance/parameters.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/base/text.h"

namespace weir::balance {

namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

template <class Number>
std::optional<Number> number_in(std::string_view text, Number least, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(number >= least && number <= most)) return std::nullopt;
  return number;
}

std::string shortest(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

}  // namespace

std::expected<Parameters, std::string> Parameters::parse(std::string_view text) {
  Parameters parameters;
  if (trimmed(text).empty()) return parameters;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      return std::unexpected("a parameter is written key=value, and " + quoted(part) + " is not");
    }
    const std::string key(trimmed(part.substr(0, equals)));
    if (std::ranges::find(parameters.given_, key, &Given::key) != parameters.given_.end()) {
      return std::unexpected("parameter " + quoted(key) + " is given twice");
    }
    parameters.given_.push_back({key, std::string(trimmed(part.substr(equals + 1)))});
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return parameters;
}

std::uint32_t Parameters::whole(std::string_view key, std::uint32_t fallback, std::uint32_t least,
                                std::uint32_t most) {
  const std::string* text = find(key);
  if (!text) return fallback;
  if (const auto value = number_in(*text, least, most)) return *value;
  std::string wanted = "a whole number of at least " + std::to_string(least);
  if (most != UINT32_MAX) wanted += " and at most " + std::to_string(most);
  complain(key, *text, wanted);
  return fallback;
}

double Parameters::number(std::string_view key, double fallback, double least, double most) {
  const std::string* text = find(key);
  if (!text) return fallback;
  if (const auto value = number_in(*text, least, most)) return *value;
  complain(key, *text, "a number from " + shortest(least) + " to " + shortest(most));
  return fallback;
}

bool Parameters::flag(std::string_view key, bool fallback) {
  const std::string* text = find(key);
  if (!text) return fallback;
  if (*text == "true") return true;
  if (*text == "false") return false;
  complain(key, *text, "true or false");
  return fallback;
}

std::string Parameters::error() const {
  if (!error_.empty()) return error_;
  for (const Given& given : given_) {
    if (std::ranges::find(asked_, given.key) != asked_.end()) continue;
    const std::string unknown = "there is no parameter " + quoted(given.key);
    if (asked_.empty()) return unknown + "; none is taken";
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    return unknown + did_you_mean(given.key, known);
  }
  return {};
}

const std::string* Parameters::find(std::string_view key) {
  asked_.emplace_back(key);
  const auto given = std::ranges::find(given_, key, &Given::key);
  return given == given_.end() ? nullptr : &given->value;
}

void Parameters::complain(std::string_view key, std::string_view value, std::string_view wanted) {
  if (!error_.empty()) return;
  error_ = "parameter " + quoted(key) + " is " + std::string(wanted) + ", not " + quoted(value);
}

}  // namespace weir::balance
