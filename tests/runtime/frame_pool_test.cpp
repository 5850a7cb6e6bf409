// The frame pool: blocks are aligned, apart from each other, and used again, also when they are
// freed on another thread than the one that allocated them.

#include "weir/runtime/frame_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "weir/base/random.h"

namespace weir {
namespace {

struct Held {
  void* block;
  std::size_t bytes;
  unsigned char mark;
};

bool intact(const Held& held) {
  const auto* bytes = static_cast<const unsigned char*>(held.block);
  for (std::size_t i = 0; i < held.bytes; ++i) {
    if (bytes[i] != held.mark) return false;
  }
  return true;
}

TEST(FramePool, AlignsEverySizeToSixteenBytes) {
  for (std::size_t bytes = 1; bytes <= 5000; ++bytes) {
    void* block = allocate_frame(bytes);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u) << bytes;
    std::memset(block, 0xAB, bytes);
    free_frame(block, bytes);
  }
}

TEST(FramePool, KeepsBlocksApart) {
  Random random({1, 0}, "frame pool test");
  std::vector<Held> held;
  for (int step = 0; step < 20'000; ++step) {
    if (held.size() < 500 && random.below(2) == 0) {
      const auto bytes = static_cast<std::size_t>(1 + random.below(2500));
      const auto mark = static_cast<unsigned char>(random.below(256));
      held.push_back({allocate_frame(bytes), bytes, mark});
      std::memset(held.back().block, mark, bytes);
    } else if (!held.empty()) {
      std::swap(held[random.below(held.size())], held.back());
      ASSERT_TRUE(intact(held.back()));
      free_frame(held.back().block, held.back().bytes);
      held.pop_back();
    }
  }
  for (const Held& left : held) {
    ASSERT_TRUE(intact(left));
    free_frame(left.block, left.bytes);
  }
}

#if !defined(WEIR_PLAIN_FRAMES)

TEST(FramePool, UsesFreedBlocksAgain) {
  void* first = allocate_frame(100);
  free_frame(first, 100);
  void* second = allocate_frame(100);
  EXPECT_EQ(first, second);
  free_frame(second, 100);
}

// One thread only allocates, the next one only frees: memory stays bounded since what was freed
// comes back through the depot.
TEST(FramePool, DoesNotGrowWhenBlocksDieOnOtherThreads) {
  constexpr std::size_t bytes = 1984;  // A class that nothing else here uses.
  constexpr int rounds = 50;
  constexpr int blocks = 1000;
  std::set<void*> ever_seen;
  for (int round = 0; round < rounds; ++round) {
    std::vector<void*> living;
    std::thread([&] {
      for (int i = 0; i < blocks; ++i) living.push_back(allocate_frame(bytes));
    }).join();
    ever_seen.insert(living.begin(), living.end());
    ASSERT_EQ(std::set<void*>(living.begin(), living.end()).size(), living.size());
    std::thread([&] {
      for (void* block : living) free_frame(block, bytes);
    }).join();
  }
  EXPECT_LE(ever_seen.size(), 2u * blocks);
}

#endif

TEST(FramePool, ServesThreadsAtTheSameTime) {
  constexpr int thread_count = 4;
  constexpr int rounds = 200;
  std::vector<std::vector<Held>> handed(thread_count);
  for (int round = 0; round < rounds / 10; ++round) {
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; ++i) {
      threads.emplace_back([&, i] {
        auto& mine = handed[static_cast<std::size_t>(i)];
        for (const Held& held : mine) {
          EXPECT_TRUE(intact(held));
          free_frame(held.block, held.bytes);
        }
        mine.clear();
        for (int k = 0; k < rounds; ++k) {
          const auto bytes = static_cast<std::size_t>(32 * (k % 8) + 24);
          const auto mark = static_cast<unsigned char>(i + k);
          mine.push_back({allocate_frame(bytes), bytes, mark});
          std::memset(mine.back().block, mark, bytes);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::rotate(handed.begin(), handed.begin() + 1, handed.end());
  }
  for (const auto& list : handed) {
    for (const Held& held : list) free_frame(held.block, held.bytes);
  }
}

}  // namespace
}  // namespace weir
