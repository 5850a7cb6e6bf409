// Reports say on what a task waits: the kind of thing, where it was made, what is in it.

#include <gtest/gtest.h>

#include <string>

#include "tests/support/concurrency_test.h"
#include "weir/weir.h"

namespace weir {
namespace {

std::string place(int line) {
  return "wait_report_test.cpp:" + std::to_string(line);
}

void expect_line(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in\n" << text;
}

TEST(WaitReport, NamesAChannelWithWhereItWasMadeAndWhatIsInIt) {
  const int line = __LINE__ + 2;
  const std::string text = test::deadlock_of([]() -> Task<> {
    auto full = make_channel<int>(2);
    for (int i = 0; i < 3; ++i) co_await full.send(i);
  });
  expect_line(text, "\n    on channel 1 (made at ");
  expect_line(text, place(line) + ", capacity 2, 2 buffered");
}

TEST(WaitReport, NumbersChannelsInOrderOfAppearance) {
  const std::string text = test::deadlock_of([]() -> Task<> {
    auto first = make_channel<int>();
    auto second = make_channel<int>();
    const auto wait_for = [](Receiver<int> in) -> Task<> { co_await in.receive(); };
    go(wait_for, Receiver<int>(second));
    go(wait_for, Receiver<int>(first));
    co_await second.receive();
  });
  const auto of_root = text.find("on channel 1 ");
  const auto of_first_task = text.find("on channel 1 ", of_root + 1);
  const auto of_second_task = text.find("on channel 2 ");
  EXPECT_LT(of_root, of_first_task) << text;
  EXPECT_LT(of_first_task, of_second_task) << text;
}

TEST(WaitReport, NamesANilChannel) {
  expect_line(test::deadlock_of([]() -> Task<> { co_await Receiver<int>().receive(); }),
              "\n    on a nil channel\n");
}

TEST(WaitReport, ListsEveryCaseOfASelectWithItsPlace) {
  int line = 0;
  const std::string text = test::deadlock_of([&]() -> Task<> {
    auto in = make_channel<int>();
    auto out = make_channel<int>();
    line = __LINE__ + 1;
    auto receiving = receive_from(in);
    auto sending = send_to(out, 1);
    auto never = after(Duration::max());
    auto stopped = done(background());
    co_await select(receiving, sending, never, stopped);
  });
  expect_line(text, "\n    receive at ");
  expect_line(text, place(line) + ", on channel 1 (made at ");
  expect_line(text, place(line + 1) + ", on channel 2 (made at ");
  expect_line(text, place(line + 2) + "\n");
  expect_line(text, "\n    done at ");
  expect_line(text, ", on context 1\n");
}

TEST(WaitReport, SaysWhereATaskGroupIsAwaited) {
  int line = 0;
  const std::string text = test::deadlock_of([&]() -> Task<> {
    TaskGroup group;
    group.go([]() -> Task<> { co_await Receiver<int>().receive(); });
    line = __LINE__ + 1;
    co_await group.wait();
  });
  expect_line(text, place(line) + "\n    on wait group 1 (counts 1)\n");
}

TEST(WaitReport, NamesTheTaskThatIsJoined) {
  const int line = __LINE__ + 3;
  const std::string text = test::deadlock_of([]() -> Task<> {
    auto never = make_channel<int>();
    const auto task = go([](Receiver<int> in) -> Task<> { co_await in.receive(); }, never);
    co_await task.join();
  });
  expect_line(text, "\n    on task 2 (started at ");
  expect_line(text, place(line) + ")\n");
}

TEST(WaitReport, SaysWhatAWaitGroupCountsAndASemaphoreHas) {
  const std::string text = test::deadlock_of([]() -> Task<> {
    Semaphore permits(3);
    co_await permits.acquire(2);
    WaitGroup all;
    all.go([](Semaphore& from) -> Task<> { co_await from.acquire(3); }, std::ref(permits));
    co_await all.wait();
  });
  expect_line(text, "\n    on wait group 1 (counts 1)\n");
  expect_line(text, "\n    on semaphore 1 (asks for 3, 1 available)\n");
}

}  // namespace
}  // namespace weir
