#include "weir/runtime/trace_writer.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "weir/runtime/waited_for.h"

namespace weir {
namespace {

// Bytes of the character that the text begins with; 0 if it is not well-formed UTF-8 (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool too_large = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

std::string escaped(char letter) {
  if (letter == '"' || letter == '\\') return {'\\', letter};
  if (static_cast<unsigned char>(letter) >= 0x20) return {letter};
  std::array<char, 8> code{};
  std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(letter));
  return code.data();
}

std::string spell_end(const SliceEnd& end) {
  return end.where.line() == 0 ? end.verb : end.verb + (" at " + spell_place(end.where));
}

std::string spell_microseconds(Duration duration) {
  std::array<char, 32> text{};
  const auto [whole, rest] = std::lldiv(duration.count(), 1000);
  std::snprintf(text.data(), text.size(), "%lld.%03lld", whole, rest);
  return text.data();
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      json += "\\ufffd";
    } else if (length == 1) {
      json += escaped(text.front());
    } else {
      json += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return json + '"';
}

TraceWriter::TraceWriter(const std::string& file, TimePoint origin,
                         std::map<std::uint64_t, std::string> names)
    : origin_(origin),
      names_(std::move(names)),
      file_(std::fopen(file.c_str(), "we"), std::fclose) {
  if (!file_) error_ = std::strerror(errno);
  put("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
}

void TraceWriter::put(std::string_view text) {
  if (!error_.empty()) return;
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    error_ = std::strerror(errno);
  }
}

void TraceWriter::add_header(std::size_t lanes, std::uint64_t dropped) {
  add_metadata("process_name", 0, "\"name\":\"weir\"");
  if (dropped > 0) {
    add_metadata("process_labels", 0,
                 "\"labels\":\"without the oldest " + std::to_string(dropped) + " slices\"");
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::string number = std::to_string(lane);
    add_metadata("thread_name", lane, "\"name\":\"processor " + number + '"');
    add_metadata("thread_sort_index", lane, "\"sort_index\":" + number);
  }
}

void TraceWriter::add_metadata(std::string_view name, std::size_t lane, const std::string& args) {
  put(opening("M", lane, origin_, name) + ",\"args\":{" + args + "}}");
  has_events_ = true;
}

void TraceWriter::add(std::size_t lane, const Slice& slice) {
  const TimePoint began = slice.start.time;
  std::string text;
  if (slice.start.stolen) text += opening("i", lane, began, "steal") + ",\"s\":\"t\"}";
  if (slice.alive > 0) {
    text += opening("C", lane, began, "tasks alive");
    text += ",\"args\":{\"tasks\":" + std::to_string(slice.alive) + "}}";
  }
  text += opening("X", lane, began, name_of(slice));
  text += ",\"dur\":" + spell_microseconds(slice.ended - began);
  text += ",\"args\":{\"id\":" + std::to_string(slice.task);
  text += ",\"started\":" + json_string(spell_place(slice.started_at));
  if (*slice.end.verb != '\0') text += ",\"end\":" + json_string(spell_end(slice.end));
  put(text + "}}");
}

// All of an event but its last members and the brace that closes it.
std::string TraceWriter::opening(std::string_view phase, std::size_t lane, TimePoint time,
                                 std::string_view name) const {
  std::string text = has_events_ ? ",\n{\"ph\":\"" : "\n{\"ph\":\"";
  text += phase;
  text += "\",\"ts\":" + spell_microseconds(time - origin_);
  text += ",\"pid\":1,\"tid\":" + std::to_string(lane);
  return text + ",\"name\":" + json_string(name);
}

std::string TraceWriter::name_of(const Slice& slice) const {
  const auto found = names_.find(slice.task);
  return found != names_.end() ? found->second : "task " + std::to_string(slice.task);
}

std::string TraceWriter::finish(std::uint64_t dropped) {
  put("\n],\"otherData\":{\"dropped_slices\":" + std::to_string(dropped) + "}}\n");
  std::FILE* file = file_.release();
  if (file != nullptr && std::fclose(file) != 0 && error_.empty()) error_ = std::strerror(errno);
  return error_;
}

}  // namespace weir
