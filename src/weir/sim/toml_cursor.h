// Reads one TOML table key by key and remembers which were asked for, so that the rest can be
// refused by name.
//
// Every read leaves its target alone when the key is absent, so defaults stand in the structs and
// nowhere else. Errors do not interrupt: the first one is kept for the caller, who looks once, at
// the end. That a key is missing is said by finish(), after the misspelt ones.

#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/time.h"
#include "weir/sim/argument_reader.h"
#include "weir/sim/quantity.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

class TomlCursor {
 public:
  // `title` names the table in messages, such as "[horizon]"; empty for the root. `error` receives
  // the first error unless it holds one already. The table and `error` outlive the cursor.
  TomlCursor(const TomlNode& table, std::string title, std::optional<ScenarioError>& error);

  // The value, or null. Counts as asked for.
  const TomlNode* take(std::string_view key);
  const TomlNode* take_table(std::string_view key);
  const TomlNode* take_list(std::string_view key);

  void read_text(std::string_view key, std::string& target);

  // The key "name", by which other places address this table: `taken` says what it must differ
  // from, and gains it. `target` holds the name of a nameless table.
  void read_name(std::string& target, std::vector<std::string>& taken);

  // Another key with such a text, of which metrics are made.
  void read_label(std::string_view key, std::string& target);
  void read_number(std::string_view key, double& target, Bounds bounds);
  void read_time(std::string_view key, std::optional<Duration>& target, Duration max);

  template <std::unsigned_integral Integer>
  void read_count(std::string_view key, Integer& target, Integer min, Integer max) {
    if (const auto count = take_integer(key, min, max)) target = static_cast<Integer>(*count);
  }

  // One of a few words, each with its value.
  template <typename Value>
  void read_word(std::string_view key, Value& target,
                 std::initializer_list<std::pair<std::string_view, Value>> words) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : words) names.push_back(name);
    const TomlNode* node = take(key);
    if (node == nullptr) return;
    if (const auto index = word_index(key, *node, names)) target = (words.begin() + *index)->second;
  }

  // A compact text such as "exp(10ms)"; `parse` maps it to std::expected<…, ParseError>. `example`
  // is shown to who writes a number instead.
  template <typename Target, typename Parse>
  void read_parsed(std::string_view key, Target& target, std::string_view example, Parse parse) {
    const TomlNode* node = take(key);
    if (node == nullptr || !is_text(key, *node, example)) return;
    auto parsed = parse(std::string_view(node->text));
    if (parsed) {
      target = *std::move(parsed);
    } else {
      report(key, *node, parsed.error());
    }
  }

  // finish() will ask for the key; `example` is what to write.
  void require(std::string_view key, std::string_view example);

  // The format has these keys, this version does not: finish() says so.
  void refuse_yet(std::initializer_list<std::string_view> keys);

  // Reports keys nobody asked for, then required ones that are absent.
  void finish();

  // Requires: `node` came from this cursor.
  void report(std::string_view key, const TomlNode& node, std::string_view complaint);
  void report(std::string_view key, const TomlNode& node, const ParseError& error);
  void report_table(std::string message);

 private:
  void check_label(std::string_view key, const TomlNode& node, std::string_view label);
  std::optional<std::int64_t> take_integer(std::string_view key, std::uint64_t min,
                                           std::uint64_t max);
  std::optional<std::ptrdiff_t> word_index(std::string_view key, const TomlNode& node,
                                           std::span<const std::string_view> words);
  bool is_text(std::string_view key, const TomlNode& node, std::string_view example);
  bool has_kind(std::string_view key, const TomlNode& node, TomlNode::Kind kind,
                std::string_view advice);
  void report_at(const Place& place, std::string message);
  void refuse(const TomlMember& member);
  std::string in_title() const;

  struct Requirement {
    std::string_view key;
    std::string example;
  };

  const TomlNode& table_;
  std::string title_;
  std::optional<ScenarioError>& error_;
  std::vector<std::string_view> known_;
  std::vector<std::string_view> later_;
  std::vector<Requirement> required_;
};

// The value as a message quotes it: 12, 'fast', true, a list.
std::string quoted(const TomlNode& node);
std::string quoted(std::string_view text);

}  // namespace weir::sim
