#include "weir/runtime/event_log.h"

#include <algorithm>

#include "weir/runtime/waited_for.h"

namespace weir {
namespace {

std::string spell_event(const Event& event) {
  using What = Event::What;
  if (event.what == What::time_moved) {
    return "the time is " + spell_exactly(event.time.time_since_epoch());
  }
  const std::string task = "task " + std::to_string(event.task);
  const std::string place = event.verb + (" at " + spell_place(event.where));
  switch (event.what) {
    case What::started:
      return (event.by == 0 ? "the run" : "task " + std::to_string(event.by)) + " starts " + task +
             " at " + spell_place(event.where);
    case What::parked:
      return task + " parks in " + place;
    case What::interrupted:
      return task + " is interrupted after " + place;
    case What::yielded:
      return task + " yields";
    default:
      return task + " ends";
  }
}

}  // namespace

std::string spell_exactly(Duration duration) {
  struct Unit {
    std::int64_t nanoseconds;
    const char* name;
  };
  const std::int64_t count = duration.count();
  for (const Unit& unit : {Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1'000, "us"}}) {
    if (count % unit.nanoseconds == 0) return std::to_string(count / unit.nanoseconds) + unit.name;
  }
  return std::to_string(count) + "ns";
}

void EventLog::add(const Event& event) {
  hash_.add(static_cast<std::uint64_t>(event.what));
  hash_.add(event.task);
  hash_.add(static_cast<std::uint64_t>(event.time.time_since_epoch().count()));
  for (const char* letter = event.verb; *letter != 0; ++letter) {
    hash_.add(static_cast<unsigned char>(*letter));
  }
  if (ring_.size() < kept_) {
    ring_.push_back(event);
  } else if (kept_ > 0) {
    ring_[count_ % kept_] = event;
  }
  ++count_;
}

std::string EventLog::text() const {
  std::string text;
  const std::vector<const void*> known = objects();
  for (std::uint64_t number = first_kept(); number < count_; ++number) {
    const Event& event = ring_[number % kept_];
    text += "  " + std::to_string(number + 1) + ". " + spell_event(event);
    if (event.object != nullptr) {
      const auto place = std::ranges::find(known, event.object) - known.begin();
      text += ", object " + std::to_string(place + 1);
    }
    text += '\n';
  }
  return text;
}

std::vector<const void*> EventLog::objects() const {
  std::vector<const void*> known;
  for (std::uint64_t number = first_kept(); number < count_; ++number) {
    const void* object = ring_[number % kept_].object;
    if (object != nullptr && std::ranges::find(known, object) == known.end()) {
      known.push_back(object);
    }
  }
  return known;
}

}  // namespace weir
