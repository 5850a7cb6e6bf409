#include "bench/peers/driver/shape.h"

#include <algorithm>

namespace weir::peers {
namespace {

struct Shape {
  std::string_view id;
  std::string_view what;
  std::string_view unit = "ns";
  double times_1 = 0;  // faster than Go on one processor, and on two
  double times_2 = 0;
  double at_most = 0;
  bool fiber = false;  // Boost.Fiber has it
  bool more_is_better = false;
  double speed_up = 0;  // of weir on two processors over weir on one
};

constexpr Shape shapes[] = {
    {.id = "B1", .what = "start and end a task", .times_1 = 10, .times_2 = 4, .fiber = true},
    {.id = "B2", .what = "ping-pong, round trip", .times_1 = 6, .times_2 = 4, .fiber = true},
    {.id = "B3", .what = "1 to 1, capacity 128, item", .times_1 = 3, .times_2 = 2.5, .fiber = true},
    {.id = "B4", .what = "4 to 4, capacity 128, item", .times_1 = 3, .times_2 = 4, .fiber = true},
    {.id = "B4u", .what = "4 to 4, no buffer, item", .times_1 = 4, .times_2 = 5, .fiber = true},
    {.id = "B5", .what = "select of 4, no buffer, item", .times_1 = 4, .times_2 = 4},
    {.id = "B5b", .what = "select of 4, capacity 128, item", .times_1 = 3, .times_2 = 4},
    {.id = "B6", .what = "memory of a parked task", .unit = "bytes", .at_most = 256},
    {.id = "B7",
     .what = "skynet, 1,000,000 leaves",
     .unit = "ms",
     .times_1 = 4,
     .times_2 = 4,
     .fiber = true},
    {.id = "B8",
     .what = "balancer of channels and a heap",
     .unit = "requests/s",
     .times_1 = 5,
     .times_2 = 4,
     .more_is_better = true,
     .speed_up = 1},
    {.id = "B9", .what = "pool of 2 workers, task", .times_1 = 3, .times_2 = 4, .fiber = true},
    {.id = "B10", .what = "1,000,000 sleeps, CPU time", .unit = "s", .times_1 = 3, .times_2 = 3},
    {.id = "B11",
     .what = "fib(38), a task per node",
     .unit = "ms",
     .times_1 = 6,
     .times_2 = 8,
     .fiber = true,
     .speed_up = 1.8},
    {.id = "B12", .what = "idle, CPU ms per second", .unit = "ms/s", .at_most = 0.1},
    {.id = "W1", .what = "wake-up of an idle runtime", .at_most = 100'000},
};

constexpr std::string_view virtual_id = "V1";

bool contains(const auto& list, const auto& item) {
  return std::ranges::find(list, item) != list.end();
}

bool selects(const Selection& selection, std::string_view id) {
  return selection.ids.empty() || contains(selection.ids, id);
}

std::optional<double> if_set(double value) {
  return value == 0 ? std::nullopt : std::optional(value);
}

Row row_of(const Shape& shape, int processors, const std::string& peer) {
  const std::string id(shape.id);
  return {.id = id,
          .what = std::string(shape.what),
          .unit = std::string(shape.unit),
          .more_is_better = shape.more_is_better,
          .processors = processors,
          .peer = peer,
          .ours = {.program = "weir", .shape = id, .processors = processors},
          .theirs = {.program = peer, .shape = id, .processors = processors}};
}

Row row_with_go(const Shape& shape, int processors) {
  Row row = row_of(shape, processors, "go");
  if (processors == 1) row.target.times = if_set(shape.times_1);
  if (processors == 2) row.target.times = if_set(shape.times_2);
  row.target.at_most = if_set(shape.at_most);
  return row;
}

Row speed_up_row(const Shape& shape) {
  Row row = row_of(shape, 2, "weir");
  row.what = "2 processors beside 1";
  row.theirs.processors = 1;
  row.target.times = shape.speed_up;
  return row;
}

Row virtual_row() {
  return {.id = std::string(virtual_id),
          .what = "B2 in virtual time beside B2",
          .unit = "ns",
          .peer = "weir",
          .ours = {.program = "weir", .shape = "B2", .processors = 0},
          .theirs = {.program = "weir", .shape = "B2", .processors = 1},
          .target = {.times = 2}};
}

}  // namespace

std::vector<std::string> row_ids() {
  std::vector<std::string> ids;
  for (const Shape& shape : shapes) ids.emplace_back(shape.id);
  ids.emplace_back(virtual_id);
  return ids;
}

std::vector<Row> rows_of(const Selection& selection) {
  std::vector<Row> rows;
  for (const Shape& shape : shapes) {
    if (!selects(selection, shape.id)) continue;
    for (const int processors : selection.processors) {
      if (contains(selection.peers, "go")) rows.push_back(row_with_go(shape, processors));
      if (shape.fiber && contains(selection.peers, "fiber")) {
        rows.push_back(row_of(shape, processors, "fiber"));
      }
      if (processors == 2 && shape.speed_up > 0) rows.push_back(speed_up_row(shape));
    }
  }
  if (selects(selection, virtual_id) && contains(selection.processors, 1)) {
    rows.push_back(virtual_row());
  }
  return rows;
}

}  // namespace weir::peers
