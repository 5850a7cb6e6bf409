#include "weir/rpc/waiting_line.h"

#include <gtest/gtest.h>

#include <deque>

#include "weir/base/random.h"

namespace weir::rpc {
namespace {

class Numbered final : public Envelope {
 public:
  explicit Numbered(int number) : number_(number) { ++living; }
  ~Numbered() override { --living; }
  void fail(Failure) override {}
  const void* key() const override { return this; }
  int number() const { return number_; }

  static inline int living = 0;

 private:
  int number_;
};

int number_of(const std::unique_ptr<Envelope>& envelope) {
  return static_cast<const Numbered&>(*envelope).number();
}

void fill(WaitingLine& line, int count) {
  for (int i = 0; i < count; ++i) line.add(std::make_unique<Numbered>(i));
}

TEST(WaitingLine, GivesTheFirstThatCameUnderFifo) {
  WaitingLine line(Discipline::fifo);
  fill(line, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(number_of(line.next()), i);
  EXPECT_EQ(line.next(), nullptr);
}

TEST(WaitingLine, GivesTheLastThatCameUnderLifo) {
  WaitingLine line(Discipline::lifo);
  fill(line, 3);
  for (int i = 3; i-- > 0;) EXPECT_EQ(number_of(line.next()), i);
  EXPECT_EQ(line.next(), nullptr);
}

TEST(WaitingLine, DestroysWhatStillWaits) {
  {
    WaitingLine line(Discipline::lifo);
    fill(line, 5);
    EXPECT_EQ(Numbered::living, 5);
  }
  EXPECT_EQ(Numbered::living, 0);
}

// A line beside a deque, which is as plain as can be; each step picks one operation.
void compare_with_deque(Discipline discipline, std::uint64_t seed) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Random random({seed, 0}, "line");
  WaitingLine line(discipline);
  std::deque<Numbered*> model;
  const auto take = [&](std::size_t place) {
    model.erase(model.begin() + static_cast<std::ptrdiff_t>(place));
  };
  for (int step = 0; step < 400; ++step) {
    const std::uint64_t operation = random.below(6);
    const std::size_t turn = discipline == Discipline::fifo ? 0 : model.size() - 1;
    if (operation < 2 || model.empty()) {
      auto added = std::make_unique<Numbered>(step);
      model.push_back(added.get());
      line.add(std::move(added));
    } else if (operation == 2) {
      ASSERT_EQ(line.next().get(), model[turn]);
      take(turn);
    } else if (operation == 3) {
      auto next = line.next();
      ASSERT_EQ(next.get(), model[turn]);
      line.put_back(std::move(next));
    } else if (operation == 4) {
      ASSERT_EQ(line.oldest().get(), model.front());
      take(0);
    } else {
      const std::size_t place = random.below(model.size());
      ASSERT_EQ(line.remove(*model[place]).get(), model[place]);
      take(place);
    }
    ASSERT_EQ(line.size(), model.size());
    ASSERT_EQ(line.empty(), model.empty());
  }
}

TEST(WaitingLine, AgreesWithADequeUnderRandomPrograms) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    compare_with_deque(Discipline::fifo, seed);
    compare_with_deque(Discipline::lifo, seed);
  }
}

}  // namespace
}  // namespace weir::rpc
