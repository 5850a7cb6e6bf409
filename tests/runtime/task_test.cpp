// Task<T> as a value: what it gives, throws, moves and frees, and that its depth costs no stack.

#include "weir/runtime/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "weir/runtime/go.h"
#include "weir/runtime/run.h"

namespace weir {
namespace {

Task<int> seven() {
  co_return 7;
}

Task<std::unique_ptr<int>> move_only(int value) {
  co_return std::make_unique<int>(value);
}

Task<int> throws() {
  throw std::runtime_error("from the child");
  co_return 0;
}

// Counts its living copies, and those that are moved from as dead.
class Counted {
 public:
  explicit Counted(int& living) : living_(&living) { ++*living_; }
  Counted(Counted&& other) noexcept : living_(std::exchange(other.living_, nullptr)) {}
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (living_ != nullptr) --*living_;
  }

 private:
  int* living_;
};

Task<> holds(Counted) {
  co_return;
}

Task<int> depth(int levels) {
  if (levels == 0) co_return 0;
  co_return co_await depth(levels - 1) + 1;
}

TEST(Task, GivesItsResultToTheOneWhoAwaitsIt) {
  auto root = []() -> Task<int> { co_return co_await seven() + 1; };
  EXPECT_EQ(run_virtual(root()), 8);
}

TEST(Task, GivesResultsThatCanOnlyBeMoved) {
  auto root = []() -> Task<std::unique_ptr<int>> {
    auto inner = co_await move_only(5);
    ++*inner;
    co_return inner;
  };
  EXPECT_EQ(*run_virtual(root()), 6);
}

TEST(Task, GivesResultsWithoutDefaultConstructor) {
  struct Plain {
    explicit Plain(int number) : value(number) {}
    int value;
  };
  auto child = [](int value) -> Task<Plain> { co_return Plain(value); };
  auto root = [](auto make) -> Task<int> {
    const Plain result = co_await make(3);
    co_return result.value;
  };
  EXPECT_EQ(run_virtual(root(child)), 3);
}

TEST(Task, GivesReferencesToWhatTheCallerOwns) {
  static_assert(std::is_same_v<Task<int&>::Result, int&>);
  auto child = [](std::vector<int>& numbers) -> Task<int&> { co_return numbers[1]; };
  auto root = [](auto make) -> Task<int> {
    std::vector<int> numbers = {1, 2, 3};
    int& second = co_await make(numbers);
    second = 20;
    co_return numbers[1];
  };
  EXPECT_EQ(run_virtual(root(child)), 20);
}

TEST(Task, ThrowsWhatLeftItIntoTheOneWhoAwaitsIt) {
  auto root = []() -> Task<std::string> {
    std::string caught;
    try {
      co_await throws();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_return caught;
  };
  EXPECT_EQ(run_virtual(root()), "from the child");
}

TEST(Task, ThrowsThroughSeveralLevels) {
  auto middle = []() -> Task<int> { co_return co_await throws() + 1; };
  auto root = [](auto make) -> Task<> { co_await make(); };
  EXPECT_THROW(run_virtual(root(middle)), std::runtime_error);
}

TEST(Task, FreesItsArgumentsWhenItIsDroppedUnstarted) {
  int living = 0;
  {
    auto task = holds(Counted(living));
    EXPECT_EQ(living, 1);
  }
  EXPECT_EQ(living, 0);
}

TEST(Task, FreesItsArgumentsWhenItHasBeenAwaited) {
  int living = 0;
  auto root = [](int& count) -> Task<int> {
    {
      auto task = holds(Counted(count));
      co_await task;
    }
    co_return count;
  };
  EXPECT_EQ(run_virtual(root(living)), 0);
  EXPECT_EQ(living, 0);
}

TEST(Task, MovesAndSwapsItsFrame) {
  auto root = []() -> Task<int> {
    auto first = seven();
    auto second = std::move(first);
    Task<int> third = seven();
    third = std::move(second);
    co_return co_await third;
  };
  EXPECT_EQ(run_virtual(root()), 7);
}

TEST(Task, StopsWhenItIsAwaitedTwice) {
  auto root = []() -> Task<> {
    auto task = seven();
    co_await task;
    co_await task;
  };
  EXPECT_DEATH(run_virtual(root()), "awaited that has ended");
}

TEST(Task, StopsWhenItIsAwaitedAfterItWasStarted) {
  auto root = []() -> Task<> {
    auto task = seven();
    go(std::move(task));
    co_await task;  // NOLINT(bugprone-use-after-move): that is the bug
  };
  EXPECT_DEATH(run_virtual(root()), "awaited that has ended");
}

TEST(Task, AwaitsAMillionEndedChildrenInARow) {
  auto root = []() -> Task<long> {
    long sum = 0;
    for (int i = 0; i < 1'000'000; ++i) sum += co_await seven();
    co_return sum;
  };
  EXPECT_EQ(run_virtual(root()), 7'000'000);
}

TEST(Task, NestsDeeplyOnAFlatStack) {
  constexpr int levels = 100'000;
  EXPECT_EQ(run_virtual(depth(levels)), levels);
}

}  // namespace
}  // namespace weir
