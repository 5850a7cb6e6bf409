// A wait that nobody can ever end is told of at once, by the counts of a channel's ends.

#include <gtest/gtest.h>

#include <string>

#include "weir/weir.h"

namespace weir {
namespace {

// The same rules in both worlds; 0 processors are virtual time.
class Orphan : public ::testing::TestWithParam<int> {
 protected:
  // What is said on standard error while `root` runs.
  static std::string said(Task<> root, OnOrphan on_orphan = OnOrphan::report) {
    testing::internal::CaptureStderr();
    if (GetParam() == 0) {
      run_virtual(std::move(root), {.on_leak = OnLeak::ignore, .on_orphan = on_orphan});
    } else {
      run(std::move(root),
          {.processors = GetParam(), .on_leak = OnLeak::ignore, .on_orphan = on_orphan});
    }
    return testing::internal::GetCapturedStderr();
  }
};

INSTANTIATE_TEST_SUITE_P(Both, Orphan, ::testing::Values(0, 1, 2, 8));

std::string place(int line) {
  return "orphan_test.cpp:" + std::to_string(line);
}

void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in\n" << text;
}

Task<> receive_one(Receiver<int> from) {
  co_await from.receive();
}

Task<> send_one(Sender<int> to) {
  co_await to.send(1);
}

TEST_P(Orphan, IsAReceiveWhenTheLastSenderGoes) {
  constexpr int line = __LINE__;
  const std::string text = said([]() -> Task<> {
    {
      auto channel = make_channel<int>();
      go([](Receiver<int> from) -> Task<> { co_await from.receive(); }, channel);
      co_await sleep(1ms);
    }
    co_await sleep(1ms);
  }());
  expect_part(text, "weir: task 2, started at ");
  expect_part(text, place(line + 4) + ", waits for ever in receive at ");
  expect_part(text, "    on a channel (made at ");
  expect_part(text, place(line + 3) + ", capacity 0, no sender left, 1 receiver)\n");
}

TEST_P(Orphan, IsAReceiveThatComesWhenNoSenderIsLeft) {
  const std::string text = said([]() -> Task<> {
    go(receive_one(make_channel<int>(3)));
    co_await sleep(1ms);
  }());
  expect_part(text, " waits for ever in receive at ");
}

TEST_P(Orphan, IsASendWhenNoReceiverIsLeftAndTheBufferIsFull) {
  const std::string text = said([]() -> Task<> {
    Sender<int> to = make_channel<int>(1);
    co_await to.send(1);
    go(send_one(to));
    co_await sleep(1ms);
  }());
  expect_part(text, " waits for ever in send at ");
  expect_part(text, "capacity 1, 1 buffered, 2 senders, no receiver left)");
}

TEST_P(Orphan, IsToldOfOnceForAChannel) {
  const std::string text = said([]() -> Task<> {
    Receiver<int> from = make_channel<int>();
    for (int i = 0; i < 5; ++i) go(receive_one(from));
    co_await sleep(1ms);
  }());
  EXPECT_EQ(text.find("waits for ever"), text.rfind("waits for ever")) << text;
  EXPECT_NE(text, "");
}

// Whoever drops the last of them, and in whatever order: it is told of, once for each channel.
TEST_P(Orphan, IsFoundWhenManyEndsGoAtTheSameTime) {
  constexpr int channels = 200;
  const std::string text = said([]() -> Task<> {
    WaitGroup senders;
    for (int i = 0; i < channels; ++i) {
      const auto channel = make_channel<int>();
      go(receive_one, channel);
      co_await yield();
      for (int k = 0; k < 4; ++k) senders.go([](Sender<int>) -> Task<> { co_return; }, channel);
    }
    co_await senders.wait();
    while (runtime_stats().tasks_parked < channels) co_await yield();
  }());
  int told = 0;
  for (std::size_t at = 0; (at = text.find("waits for ever", at)) != std::string::npos; ++at) {
    ++told;
  }
  EXPECT_EQ(told, channels);
}

TEST_P(Orphan, IsNoneWhileAnEndOfThatKindIsLeft) {
  EXPECT_EQ(said([]() -> Task<> {
              auto channel = make_channel<int>();
              Sender<int> out = channel;
              Receiver<int> in = std::move(channel);
              go(receive_one(in));
              co_await sleep(1ms);
              co_await out.send(1);
            }()),
            "");
}

TEST_P(Orphan, IsNoneIfTheChannelIsClosedOrHoldsValues) {
  EXPECT_EQ(said([]() -> Task<> {
              auto closed = make_channel<int>();
              closed.close();
              Receiver<int> drained = std::move(closed);
              co_await drained.receive();
              auto filled = make_channel<int>(1);
              co_await filled.send(1);
              Receiver<int> rest = std::move(filled);
              co_await rest.receive();
            }()),
            "");
}

TEST_P(Orphan, IsNoSelectSinceAnotherCaseMayFire) {
  EXPECT_EQ(said([]() -> Task<> {
              Receiver<int> never = make_channel<int>();
              auto receiving = receive_from(never);
              auto timeout = after(1ms);
              co_await select(receiving, timeout);
              auto [context, cancel] = with_timeout(background(), 1ms);
              co_await never.receive(context);
            }()),
            "");
}

TEST_P(Orphan, IsNotToldOfWhenSwitchedOff) {
  EXPECT_EQ(said(
                []() -> Task<> {
                  go(receive_one(make_channel<int>()));
                  co_await sleep(1ms);
                }(),
                OnOrphan::ignore),
            "");
}

TEST_P(Orphan, IsLeftToTheLeakReportOnceTheRootHasEnded) {
  const auto root = [](Channel<int> channel) -> Task<> {
    go(receive_one(channel));
    co_await sleep(1ms);
  };
  EXPECT_EQ(said(root(make_channel<int>())), "");
}

}  // namespace
}  // namespace weir
