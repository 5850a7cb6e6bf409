// Shapes of tasks that meet: what weir bench measures, and bench/ too.
//
// Each does `count` of its operations and gives a number that proves it. A shape knows no clock; it
// runs wherever its task is run.

#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/runtime/task.h"

namespace weir::cli::shape {

inline constexpr std::size_t buffered = 128;  // the capacity of channels that have one
inline constexpr int sides = 4;               // of many_to_many and select_of_four

// Starts tasks that do nothing, and waits for them. Gives `count`.
Task<std::int64_t> spawn(int count);

// A number goes to another task and comes back, over two channels without buffer. Like all that
// follow, gives the sum of the numbers from 0 to `count` - 1.
Task<std::int64_t> ping_pong(int count);

// Through one channel: from one producer to one consumer, or from four to four. Requires, here and
// for select_of_four: `count` is a multiple of four.
Task<std::int64_t> one_to_one(int count, std::size_t capacity);
Task<std::int64_t> many_to_many(int count, std::size_t capacity);

// A select over four channels, a producer to each.
Task<std::int64_t> select_of_four(int count, std::size_t capacity);

// Empty jobs through a pool::WorkerPool of two workers and back.
Task<std::int64_t> worker_pool(int count);

}  // namespace weir::cli::shape
