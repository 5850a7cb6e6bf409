// A log as one JSON object on each line, read without building it: of the values only those that
// are asked for are kept, as the text that stands there, so that no digit of a time is lost.

#include <nlohmann/json.hpp>
#include <vector>

#include "weir/sim/log_field_names.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;
using Json = nlohmann::json;

// Hears of each value with the keys that lead to it: "request.time".
class Listener : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return leaf({}); }
  bool boolean(bool) override { return leaf({}); }
  bool number_integer(number_integer_t value) override { return leaf(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return leaf(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return leaf(text); }
  bool string(string_t& text) override { return leaf(text); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return enter(); }
  bool key(string_t& name) override {
    path_.resize(ends_.back());
    if (!path_.empty()) path_ += '.';
    path_ += name;
    return true;
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

  // Whether the line is one whole object.
  bool hear(std::string_view line) {
    path_.clear();
    ends_.clear();
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || line[begin] != '{') return false;
    return Json::sax_parse(line.begin(), line.end(), this);
  }

 protected:
  virtual void value(const std::string& path, const std::string& text) = 0;

 private:
  static constexpr std::size_t depth_max = 64;

  // Entries of a list have the path of the list: the last one counts.
  bool leaf(const std::string& text) {
    value(path_, text);
    return true;
  }
  bool enter() {
    ends_.push_back(path_.size());
    return ends_.size() <= depth_max;
  }
  bool leave() {
    path_.resize(ends_.back());
    ends_.pop_back();
    return true;
  }

  std::string path_;
  std::vector<std::size_t> ends_;  // lengths of the paths to the objects around
};

class KeyList final : public Listener {
 public:
  std::vector<std::string> keys;

 private:
  void value(const std::string& path, const std::string&) override { keys.push_back(path); }
};

// A value that is asked for, of the line that was heard last.
struct Wanted {
  std::string path{};
  std::string text{};
  bool there = false;

  std::optional<std::string_view> get() const {
    if (!there) return std::nullopt;
    return text;
  }
};

class JsonlLogParser final : public LogParser, private Listener {
 public:
  JsonlLogParser(const std::vector<std::string_view>& keys, const LogPlaces& places)
      : places_(places) {
    const auto name = [&](std::optional<std::size_t> place) {
      return Wanted{.path = place ? std::string(keys[*place]) : std::string()};
    };
    wanted_ = {name(places.time),        name(places.duration), name(places.bytes),
               name(places.replication), name(places.started),  name(places.finished)};
  }

  LogFormat format() const override { return LogFormat::jsonl; }
  LogUnit time_unit() const override { return places_.time_unit; }
  LogUnit duration_unit() const override { return places_.duration_unit; }
  bool is_weirs_own() const override { return places_.is_weirs_own(); }

  std::expected<LogLine, std::string> parse(std::string_view line) override {
    LogLine parts;
    parts.skipped = line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (parts.skipped) return parts;
    for (Wanted& one : wanted_) one.there = false;
    if (!hear(line)) return Error("it is no JSON object");
    const auto& [time, duration, bytes, replication, started, finished] = wanted_;
    if (!time.there) return Error("the key '" + time.path + "' is not there");
    parts.replication = replication.get();
    parts.time = time.text;
    parts.duration = duration.get();
    parts.bytes = bytes.get();
    parts.started = started.get();
    parts.finished = finished.get();
    return parts;
  }

 private:
  void value(const std::string& path, const std::string& text) override {
    for (Wanted& one : wanted_) {
      if (one.path.empty() || one.path != path) continue;
      one.text = text;
      one.there = true;
    }
  }

  const LogPlaces places_;
  std::array<Wanted, 6> wanted_;
};

}  // namespace

std::expected<std::unique_ptr<LogParser>, std::string> jsonl_log_parser(std::string_view first_line,
                                                                        const LogOptions& options) {
  KeyList list;
  if (!list.hear(first_line)) return Error("the first line is no JSON object");
  const std::vector<std::string_view> keys(list.keys.begin(), list.keys.end());
  const auto places = find_log_places(keys, options, "key");
  if (!places) return Error(places.error());
  return std::make_unique<JsonlLogParser>(keys, *places);
}

}  // namespace weir::sim
