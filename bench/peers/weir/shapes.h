// The shapes of the comparison in weir, each a task that does one measurement.
//
// They are those of the Go program beside this one, with the same counts and checksums, written as
// a user of weir would write them.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "weir/weir.h"

namespace weir::peers {

// What a shape has measured, and proof that it did the work.
struct Figure {
  double value = 0;
  std::int64_t check = 0;
};

// How much of the work is done: all of it, or so little that it only shows that nothing is broken.
enum class Size { full, quick };

inline int scaled(int count, Size size) {
  return size == Size::quick ? count / 50 : count;
}

class Stopwatch {
 public:
  double nanoseconds() const {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin_)
        .count();
  }
  double per_item(int count) const { return nanoseconds() / count; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

inline constexpr std::size_t buffered = 128;

Task<Figure> spawn(Size size);                                 // B1
Task<Figure> ping_pong(Size size);                             // B2
Task<Figure> one_to_one(Size size);                            // B3
Task<Figure> many_to_many(Size size, std::size_t capacity);    // B4, B4u
Task<Figure> select_of_four(Size size, std::size_t capacity);  // B5, B5b
Task<Figure> parked(Size size);                                // B6
Task<Figure> skynet(Size size);                                // B7
Task<Figure> balancer(Size size);                              // B8
Task<Figure> worker_pool(Size size);                           // B9
Task<Figure> sleepers(Size size);                              // B10
Task<Figure> fibonacci(Size size);                             // B11
Task<Figure> idle(Size size);                                  // B12
Task<Figure> wake(Size size);                                  // W1

}  // namespace weir::peers
