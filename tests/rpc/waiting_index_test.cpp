#include "weir/rpc/waiting_index.h"

#include <gtest/gtest.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "weir/base/random.h"

namespace weir::rpc {
namespace {

class Named final : public Envelope {
 public:
  explicit Named(const void* name) : name_(name) {}
  void fail(Failure) override {}
  const void* key() const override { return name_; }

 private:
  const void* const name_;
};

// Addresses as an allocator gives them, so that many end in the same digits.
const void* address(std::uint64_t number) {
  return reinterpret_cast<const void*>(0x7f0000000000 + number * 192);
}

TEST(WaitingIndex, FindsNothingBeforeAnythingWasAdded) {
  const WaitingIndex index;
  EXPECT_EQ(index.find(address(1)), nullptr);
  EXPECT_EQ(index.find(nullptr), nullptr);
}

TEST(WaitingIndex, FindsAnAttemptUntilItIsRemoved) {
  WaitingIndex index;
  Named first(address(1));
  Named second(address(2));
  index.add(first);
  index.add(second);
  EXPECT_EQ(index.find(address(1)), &first);
  index.remove(first);
  EXPECT_EQ(index.find(address(1)), nullptr);
  EXPECT_EQ(index.find(address(2)), &second);
}

TEST(WaitingIndex, TakesAnAttemptAgainThatHasLeftIt) {
  WaitingIndex index;
  Named attempt(address(7));
  for (int i = 0; i < 3; ++i) {
    index.add(attempt);
    EXPECT_EQ(index.find(address(7)), &attempt);
    index.remove(attempt);
  }
  EXPECT_EQ(index.find(address(7)), nullptr);
}

// Beside a map of the standard library; each step adds, removes or looks for one of many names.
TEST(WaitingIndex, AgreesWithAMapThroughManySteps) {
  constexpr std::uint64_t seed = 4;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Random random({seed, 0}, "index");
  WaitingIndex index;
  std::unordered_map<const void*, std::unique_ptr<Named>> model;
  for (int step = 0; step < 20000; ++step) {
    const void* const name = address(random.below(step < 10000 ? 3000 : 30));
    const auto known = model.find(name);
    ASSERT_EQ(index.find(name), known == model.end() ? nullptr : known->second.get());
    if (known != model.end() && random.below(2) == 0) {
      index.remove(*known->second);
      model.erase(known);
    } else if (known == model.end()) {
      auto attempt = std::make_unique<Named>(name);
      index.add(*attempt);
      model.emplace(name, std::move(attempt));
    }
  }
  for (const auto& [name, attempt] : model) EXPECT_EQ(index.find(name), attempt.get());
}

}  // namespace
}  // namespace weir::rpc
