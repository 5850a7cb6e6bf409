// The shapes of the comparison in weir: one process measures one of them once.
//
//   weir_shapes SHAPE PROCESSORS [--quick]
//
// prints the shape, its figure and a checksum that all peers must agree on. No processors means
// virtual time. Each shape runs twice and the second run counts, so that nobody pays for the first
// touch of memory; those that measure memory or processor time run once.

#include <charconv>
#include <cstdio>
#include <limits>
#include <span>
#include <string_view>

#include "bench/peers/weir/shapes.h"

namespace weir::peers {
namespace {

struct Shape {
  std::string_view name;
  int runs;
  Task<Figure> (*make)(Size);
};

constexpr Shape shapes[] = {
    {"B1", 2, spawn},
    {"B2", 2, ping_pong},
    {"B3", 2, one_to_one},
    {"B4", 2, [](Size size) { return many_to_many(size, buffered); }},
    {"B4u", 2, [](Size size) { return many_to_many(size, 0); }},
    {"B5", 2, [](Size size) { return select_of_four(size, 0); }},
    {"B5b", 2, [](Size size) { return select_of_four(size, buffered); }},
    {"B6", 1, parked},
    {"B7", 2, skynet},
    {"B8", 2, balancer},
    {"B9", 2, worker_pool},
    {"B10", 1, sleepers},
    {"B11", 2, fibonacci},
    {"B12", 1, idle},
    {"W1", 1, wake},
};

const Shape* find_shape(std::string_view name) {
  for (const Shape& shape : shapes) {
    if (shape.name == name) return &shape;
  }
  return nullptr;
}

Task<Figure> measure(const Shape& shape, Size size) {
  Figure figure;
  for (int i = 0; i < shape.runs; ++i) figure = co_await shape.make(size);
  co_return figure;
}

Figure run_shape(const Shape& shape, int processors, Size size) {
  if (processors > 0) return run(measure(shape, size), {.processors = processors});
  VirtualOptions options;
  options.steps_without_time_max = std::numeric_limits<std::uint64_t>::max();
  return run_virtual(measure(shape, size), options);
}

int measure_as_told(std::span<const char* const> words) {
  const Shape* const shape = words.size() < 3 ? nullptr : find_shape(words[1]);
  int processors = -1;
  if (shape != nullptr) {
    const std::string_view number = words[2];
    std::from_chars(number.data(), number.data() + number.size(), processors);
  }
  if (processors < 0) {
    std::fputs("usage: weir_shapes SHAPE PROCESSORS [--quick]\n", stderr);
    return 2;
  }
  const bool quick = words.size() > 3 && std::string_view(words[3]) == "--quick";
  const Figure figure = run_shape(*shape, processors, quick ? Size::quick : Size::full);
  std::printf("%s %.9g %lld\n", words[1], figure.value, static_cast<long long>(figure.check));
  return 0;
}

}  // namespace
}  // namespace weir::peers

int main(int argc, char** argv) {
  return weir::peers::measure_as_told(std::span(argv, static_cast<std::size_t>(argc)));
}
