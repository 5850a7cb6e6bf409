#include "weir/runtime/trace.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <tuple>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/scheduler.h"
#include "weir/runtime/trace_writer.h"

namespace weir {
namespace {

constexpr std::uint64_t alive_interval = 16;  // slices; a count asks every shard of the register

// The order of a task's slices.
auto key_of(const Slice& slice) {
  return std::tuple(slice.start.time, slice.start.number);
}

SliceEnd end_of(const Wait* wait, const char* otherwise) {
  return wait == nullptr ? SliceEnd{.verb = otherwise} : SliceEnd{wait->verb(), wait->where()};
}

SliceEnd last_end(std::uint64_t task, const std::vector<TaskRecord*>& left) {
  const auto place = std::ranges::lower_bound(left, task, {}, &TaskRecord::id);
  if (place == left.end() || (*place)->id != task) return {.verb = "ended"};
  return end_of((*place)->wait, "ready at the end of the run");
}

}  // namespace

Trace::Trace(std::string file, std::size_t lanes, std::size_t kept, TimePoint origin)
    : file_(std::move(file)), kept_(kept), origin_(origin), lanes_(lanes) {
  WEIR_CHECK(kept > 0, "a trace of no slices was asked for: leave trace_file empty instead");
  for (TraceLane& lane : lanes_) lane.ring.reserve(kept);  // Memory that is not used costs nothing.
}

void Trace::begin(std::size_t index, TaskRecord& task, const SliceStart& start) noexcept {
  end(index, start.time);
  TraceLane& lane = lanes_[index];
  if (lane.ring.size() < kept_) lane.ring.emplace_back();
  const bool counts = lane.count++ % alive_interval == 0;
  newest(lane) = {.task = task.id,
                  .started_at = task.started_at(),
                  .start = start,
                  .ended = start.time,
                  .back_from = end_of(task.wait, ""),
                  .alive = counts ? task.scheduler().living().size() : 0};
  lane.is_open = true;
}

void Trace::end(std::size_t index, TimePoint time) noexcept {
  TraceLane& lane = lanes_[index];
  if (std::exchange(lane.is_open, false)) newest(lane).ended = time;
}

std::size_t Trace::free_lane(TimePoint time) const noexcept {
  const auto is_free = [&](const TraceLane& lane) {
    return lane.count == 0 || lane.ring[(lane.count - 1) % kept_].ended <= time;
  };
  const auto found = std::ranges::find_if(lanes_, is_free);
  return found == lanes_.end() ? 0 : static_cast<std::size_t>(found - lanes_.begin());
}

// Returns how many slices have been dropped.
std::uint64_t Trace::find_ends(const std::vector<TaskRecord*>& left) {
  std::uint64_t dropped = 0;
  std::tuple<TimePoint, std::uint64_t> complete_from{};
  std::vector<Slice*> slices;
  for (TraceLane& lane : lanes_) {
    if (lane.count > kept_) {
      dropped += lane.count - kept_;
      complete_from = std::max(complete_from, key_of(lane.ring[lane.count % kept_]));
    }
    for (Slice& slice : lane.ring) slices.push_back(&slice);
  }
  std::ranges::sort(slices, {},
                    [](const Slice* slice) { return std::tuple(slice->task, key_of(*slice)); });
  for (std::size_t i = 0; i < slices.size(); ++i) {
    Slice& slice = *slices[i];
    if (dropped > 0 && key_of(slice) < complete_from) continue;
    if (i + 1 == slices.size() || slices[i + 1]->task != slice.task) {
      slice.end = last_end(slice.task, left);
    } else {
      slice.end = slices[i + 1]->back_from;
      if (*slice.end.verb == '\0') slice.end.verb = "yield";
    }
  }
  return dropped;
}

void Trace::write(const std::vector<TaskRecord*>& left, TaskRegister& living) noexcept {
  std::string error;
  std::uint64_t dropped = 0;
  try {
    dropped = find_ends(left);
    TraceWriter writer(file_, origin_, living.names_by_id());
    writer.add_header(lanes_.size(), dropped);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      const std::size_t count = lanes_[lane].ring.size();
      const std::uint64_t first = lanes_[lane].count - count;
      for (std::size_t i = 0; i < count; ++i) {
        writer.add(lane, lanes_[lane].ring[(first + i) % kept_]);
      }
    }
    error = writer.finish(dropped);
  } catch (const std::exception& exception) {
    error = exception.what();
  }
  if (!error.empty()) {
    std::fprintf(stderr, "weir: no trace is written to %s: %s\n", file_.c_str(), error.c_str());
  } else if (dropped > 0) {
    std::fprintf(stderr,
                 "weir: the trace %s lacks the oldest %llu slices; trace_slices_max bounds it\n",
                 file_.c_str(), static_cast<unsigned long long>(dropped));
  }
}

std::unique_ptr<Trace> make_trace(std::string file, std::size_t lanes, std::size_t kept,
                                  TimePoint origin) {
  if (file.empty()) return nullptr;
  return std::make_unique<Trace>(std::move(file), lanes, kept, origin);
}

std::string trace_file_from_environment() {
  static std::atomic<int> traces = 0;
  const char* file = std::getenv("WEIR_TRACE");
  if (file == nullptr || *file == '\0') return {};
  const int number = ++traces;
  return number == 1 ? file : file + ('.' + std::to_string(number));
}

}  // namespace weir
