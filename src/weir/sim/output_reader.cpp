#include "weir/sim/output_reader.h"

#include <algorithm>
#include <array>

#include "weir/base/suggestion.h"
#include "weir/sim/toml_cursor.h"

namespace weir::sim {
namespace {

constexpr std::array<std::string_view, 3> places = {"name", "seed", "policy"};

// The next "{…}" of a text from `begin` on, braces included; empty at its end.
std::string_view next_place(std::string_view text, std::size_t begin) {
  const std::size_t open = text.find('{', begin);
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find('}', open);
  return text.substr(open, close == std::string_view::npos ? close : close - open + 1);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

std::optional<std::string> complaint_about_folder(std::string_view dir) {
  if (dir.empty()) return "must not be empty; \".\" is the folder that weir runs in";
  if (has_control(dir)) return "must do without line breaks";
  std::size_t at = 0;
  for (auto place = next_place(dir, at); !place.empty(); place = next_place(dir, at)) {
    if (!place.ends_with('}')) return "has a '{' without its '}'";
    const std::string_view word = place.substr(1, place.size() - 2);
    if (std::ranges::find(places, word) == places.end()) {
      return "knows no place '{" + std::string(word) + "}'" + did_you_mean(word, places);
    }
    at = static_cast<std::size_t>(place.data() - dir.data()) + place.size();
  }
  return std::nullopt;
}

void read_folder(TomlCursor& cursor, Output& output) {
  cursor.read_text("dir", output.dir);
  const TomlNode* node = cursor.take("dir");
  if (node == nullptr || node->kind != TomlNode::Kind::text) return;
  if (const auto complaint = complaint_about_folder(output.dir)) {
    cursor.report("dir", *node, *complaint);
  }
}

// true, false or the name of a file.
void read_file(TomlCursor& cursor, std::string_view key, std::string_view standard,
               std::optional<std::string>& target) {
  const TomlNode* node = cursor.take(key);
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::boolean) {
    if (node->boolean) target = standard;
    return;
  }
  const std::string example = "true, false or a name such as \"" + std::string(standard) + "\"";
  if (node->kind != TomlNode::Kind::text) {
    cursor.report(key, *node, "must be " + example + ", not " + quoted(*node));
  } else if (node->text.contains('/')) {
    cursor.report(key, *node, "is a file in 'dir', without a folder of its own");
  } else if (node->text.find_first_not_of(".-") == std::string::npos || has_control(node->text)) {
    cursor.report(key, *node, "must be " + example + ", not " + quoted(*node));
  } else {
    target = node->text;
  }
}

// "sampled(1%)": 0.01.
std::optional<double> share_of(std::string_view text) {
  constexpr std::string_view word = "sampled(";
  if (!text.starts_with(word) || !text.ends_with(')')) return std::nullopt;
  text = text.substr(word.size(), text.size() - word.size() - 1);
  const auto share = parse_percent(text);
  if (!share || *share <= 0) return std::nullopt;
  return *share;
}

void read_log(TomlCursor& cursor, Output& output) {
  const TomlNode* node = cursor.take("log");
  if (node == nullptr || node->text == "none") return;
  output.log_share = node->text == "full" ? 1 : share_of(node->text);
  if (output.log_share) return;
  cursor.report(
      "log", *node,
      R"w(must be "none", "full" or a share such as "sampled(1%)", not )w" + quoted(*node));
}

// Two files of one name: one would be lost.
void check_names(TomlCursor& cursor, const Output& output) {
  if (output.csv && output.csv == output.json) {
    cursor.report("csv", *cursor.take("csv"), "must be another file than 'json'");
  }
  const auto keep_off_log = [&](std::string_view key, const std::optional<std::string>& file) {
    if (!output.log_share || file != output_file::log) return;
    cursor.report(key, *cursor.take(key), "is the name of the log; choose another");
  };
  keep_off_log("json", output.json);
  keep_off_log("csv", output.csv);
}

// A value of a place, such that it can be a part of a path.
std::string part_of_path(std::string value) {
  std::ranges::replace_if(
      value, [](char c) { return c == '/' || c == '\x7f' || (c >= 0 && c < ' '); }, '-');
  if (value.find_first_not_of('.') == std::string::npos) {
    std::ranges::replace(value, '.', '-');
  }
  return value;
}

}  // namespace

Output read_output(const TomlNode& table, std::optional<ScenarioError>& error) {
  Output output;
  TomlCursor cursor(table, "[output]", error);
  read_folder(cursor, output);
  read_file(cursor, "json", output_file::json, output.json);
  read_file(cursor, "csv", output_file::csv, output.csv);
  read_log(cursor, output);
  check_names(cursor, output);
  cursor.refuse_yet({"html"});
  cursor.finish();
  const bool says_what =
      table.find("json") != nullptr || table.find("csv") != nullptr || table.find("log") != nullptr;
  if (!says_what) {
    cursor.report_table(
        "[output] names nothing to write: add json = true, csv = true or log = "
        "\"full\"");
  }
  return output;
}

std::string folder_of(const Output& output, const OutputNames& names) {
  std::string folder;
  std::size_t at = 0;
  const std::string_view dir = output.dir;
  for (auto place = next_place(dir, at); !place.empty(); place = next_place(dir, at)) {
    const auto begin = static_cast<std::size_t>(place.data() - dir.data());
    folder += dir.substr(at, begin - at);
    folder += part_of_path(place == "{name}"   ? names.name
                           : place == "{seed}" ? names.seed
                                               : names.policy);
    at = begin + place.size();
  }
  return folder + std::string(dir.substr(at));
}

}  // namespace weir::sim
