// Channels as WEIR_FIND_ORPHANS=OFF builds them: no wait is judged, and nothing else is changed.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "weir/weir.h"

namespace weir {
namespace {

// The same in both worlds; 0 processors are virtual time.
class OrphanSwitch : public ::testing::TestWithParam<int> {
 protected:
  // What is said on standard error while `root` runs.
  static std::string said(Task<> root) {
    testing::internal::CaptureStderr();
    if (GetParam() == 0) {
      run_virtual(std::move(root), {.on_leak = OnLeak::ignore});
    } else {
      run(std::move(root), {.processors = GetParam(), .on_leak = OnLeak::ignore});
    }
    return testing::internal::GetCapturedStderr();
  }
};

INSTANTIATE_TEST_SUITE_P(Both, OrphanSwitch, ::testing::Values(0, 1, 2, 8));

Task<> receive_one(Receiver<int> from) {
  co_await from.receive();
}

TEST_P(OrphanSwitch, TellsOfNoWaitWhenTheLastSenderGoes) {
  EXPECT_EQ(said([]() -> Task<> {
              {
                auto channel = make_channel<int>();
                go(receive_one, channel);
                co_await sleep(1ms);
              }
              co_await sleep(1ms);
            }()),
            "");
}

TEST_P(OrphanSwitch, TellsOfNoWaitThatComesWhenNoEndIsLeft) {
  EXPECT_EQ(said([]() -> Task<> {
              go(receive_one(make_channel<int>()));
              Sender<int> to = make_channel<int>();
              go([](Sender<int> out) -> Task<> { co_await out.send(1); }, to);
              co_await sleep(1ms);
            }()),
            "");
}

TEST_P(OrphanSwitch, StillDestroysAChannelWithItsLastHandle) {
  const auto value = std::make_shared<int>(1);
  const auto root = [](std::shared_ptr<int> sent) -> Task<> {
    auto channel = make_channel<std::shared_ptr<int>>(2);
    const Sender<std::shared_ptr<int>> to = channel;
    Receiver<std::shared_ptr<int>> from = std::move(channel);
    co_await to.send(sent);
    co_await to.send(sent);
    co_await from.receive();
    from = {};
  };
  said(root(value));
  EXPECT_EQ(value.use_count(), 1);
}

TEST_P(OrphanSwitch, StillFindsADeadlock) {
  EXPECT_THROW(said([]() -> Task<> {
                 Receiver<int> never = make_channel<int>();
                 co_await never.receive();
               }()),
               Deadlock);
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace weir
