// Tasks that wait for file descriptors: pipes and socket pairs, nothing outside of the process.

#include "weir/sync/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "weir/runtime/run.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

// Two connected non-blocking descriptors.
class Ends {
 public:
  enum Kind { pipe, socket };

  explicit Ends(Kind kind) {
    const int failed =
        kind == pipe
            ? ::pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC)
            : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data());
    EXPECT_EQ(failed, 0);
  }
  Ends(Ends&& other) noexcept : ends_(std::exchange(other.ends_, {-1, -1})) {}
  ~Ends() {
    for (int i = 0; i < 2; ++i) shut(i);
  }

  int in() const { return ends_[0]; }
  int out() const { return ends_[1]; }
  void shut(int which) {
    int& end = ends_[static_cast<std::size_t>(which)];
    if (end >= 0) close(std::exchange(end, -1));
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

Task<char> read_byte(int from) {
  char byte = 0;
  while (::read(from, &byte, 1) < 0) {
    EXPECT_EQ(errno, EAGAIN);
    co_await readable(from);
  }
  co_return byte;
}

Task<> write_byte(int to, char byte) {
  while (::write(to, &byte, 1) < 0) {
    EXPECT_EQ(errno, EAGAIN);
    co_await writable(to);
  }
}

// Writes until there is no more room; the result is the number of bytes.
int fill(int to) {
  int count = 0;
  std::array<char, 4096> bytes{};
  for (ssize_t got = 0; (got = ::write(to, bytes.data(), bytes.size())) > 0;) {
    count += static_cast<int>(got);
  }
  return count;
}

int drain(int from) {
  int count = 0;
  std::array<char, 4096> bytes{};
  for (ssize_t got = 0; (got = ::read(from, bytes.data(), bytes.size())) > 0;) {
    count += static_cast<int>(got);
  }
  return count;
}

TEST(Readable, WaitsUntilThereIsSomethingToRead) {
  auto root = []() -> Task<char> {
    Ends ends(Ends::pipe);
    const TaskHandle writer = go(write_byte, ends.out(), 'x');
    const char byte = co_await read_byte(ends.in());
    co_await writer.join();  // before its end is closed
    co_return byte;
  };
  for (const int processors : {1, 2, 8}) EXPECT_EQ(run(root(), {.processors = processors}), 'x');
}

TEST(Readable, IsNoDeadlockWhileTheWorldOutsideIsAwaited) {
  for (int round = 0; round < 50; ++round) {
    Ends ends(Ends::pipe);
    std::thread foreign;
    auto root = [](Ends& both, std::thread& writer) -> Task<char> {
      writer = std::thread([&] { EXPECT_EQ(::write(both.out(), "y", 1), 1); });
      co_return co_await read_byte(both.in());
    };
    EXPECT_EQ(run(root(ends, foreign), {.processors = 1}), 'y');
    foreign.join();
  }
}

TEST(Readable, EndsWhenTheFarEndIsClosed) {
  auto root = []() -> Task<> {
    Ends ends(Ends::pipe);
    const TaskHandle closes = go(
        [](Ends& both) -> Task<> {
          both.shut(1);
          co_return;
        },
        std::ref(ends));
    co_await readable(ends.in());
    char byte = 0;
    EXPECT_EQ(::read(ends.in(), &byte, 1), 0);
    co_await closes.join();
  };
  run(root(), {.processors = 1});
}

TEST(Readable, DoesNotWaitForAPlainFile) {
  auto root = []() -> Task<> {
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    co_await readable(file);
    close(file);
  };
  run(root(), {.processors = 1});
}

TEST(Writable, WaitsUntilThereIsRoom) {
  auto root = []() -> Task<> {
    Ends ends(Ends::pipe);
    EXPECT_GT(fill(ends.out()), 0);
    const TaskHandle drained = go(
        [](int from) -> Task<> {
          drain(from);
          co_return;
        },
        ends.in());
    co_await writable(ends.out());
    EXPECT_EQ(::write(ends.out(), "z", 1), 1);
    co_await drained.join();  // Before the descriptors are closed.
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(Descriptor, HasReadersAndWritersAtTheSameTime) {
  auto root = []() -> Task<> {
    Ends ends(Ends::socket);
    fill(ends.in());
    WaitGroup both;
    both.go([](int socket) -> Task<> { EXPECT_EQ(co_await read_byte(socket), 'a'); }, ends.in());
    both.go([](int socket) -> Task<> { co_await writable(socket); }, ends.in());
    co_await yield();
    co_await write_byte(ends.out(), 'a');
    co_await yield();
    drain(ends.out());
    co_await both.wait();
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(Descriptor, ServesManyThatWaitForTheSame) {
  constexpr int readers = 10;
  auto root = []() -> Task<int> {
    Ends ends(Ends::pipe);
    int sum = 0;
    WaitGroup all;
    for (int i = 0; i < readers; ++i) {
      all.go([](int from, int& out) -> Task<> { out += co_await read_byte(from); }, ends.in(),
             std::ref(sum));
    }
    for (char i = 1; i <= readers; ++i) {
      co_await yield();
      co_await write_byte(ends.out(), i);
    }
    co_await all.wait();
    co_return sum;
  };
  EXPECT_EQ(run(root(), {.processors = 1}), readers * (readers + 1) / 2);
}

TEST(Descriptor, MayBeClosedAndItsNumberUsedAgainBetweenWaits) {
  auto root = []() -> Task<> {
    for (int round = 0; round < 20; ++round) {
      Ends ends(round % 2 == 0 ? Ends::pipe : Ends::socket);
      go(write_byte, ends.out(), 'n');
      co_await readable(ends.in());
    }
  };
  run(root(), {.processors = 1});
}

TEST(Descriptor, IsACaseOfSelect) {
  auto root = []() -> Task<> {
    Ends ends(Ends::pipe);
    auto numbers = make_channel<int>(1);
    auto arrived = when_readable(ends.in());
    auto number = receive_from(numbers);
    EXPECT_EQ(try_select(arrived, number), -1);
    co_await numbers.send(1);
    EXPECT_EQ(co_await select(arrived, number), 1);
    const TaskHandle writer = go(write_byte, ends.out(), 'q');
    EXPECT_EQ(co_await select(arrived, number), 0);
    co_await writer.join();  // before its end is closed
    EXPECT_TRUE(arrived);
    auto late = after(1h);
    auto room = when_writable(ends.out());
    EXPECT_EQ(co_await select(late, room), 1);
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(Descriptor, IsGivenUpWhenItsContextIsCancelled) {
  auto root = []() -> Task<> {
    Ends ends(Ends::pipe);
    auto [context, cancel] = with_cancel(background());
    go(
        [](Cancel stop) -> Task<> {
          stop();
          co_return;
        },
        cancel);
    EXPECT_FALSE(co_await readable(context, ends.in()));
    EXPECT_FALSE(co_await writable(context, ends.out()));
    EXPECT_TRUE(co_await writable(background(), ends.out()));
    const auto [short_time, unused] = with_timeout(background(), 1us);
    EXPECT_FALSE(co_await readable(short_time, ends.in()));
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(Descriptor, IsALeakIfItIsStillAwaitedAtTheEnd) {
  Ends ends(Ends::pipe);
  auto root = [](int from) -> Task<> {
    go([](int in) -> Task<> { co_await readable(in); }, from);
    co_await yield();
  };
  Runtime runtime({.processors = 1, .on_leak = OnLeak::fail});
  EXPECT_THROW(runtime.run(root(ends.in())), Leak);
  EXPECT_THROW(runtime.run(root(ends.in())), Leak);
}

TEST(Descriptor, IsNamedInReports) {
  Ends ends(Ends::pipe);
  auto root = [](int from) -> Task<> {
    go([](int in) -> Task<> { co_await readable(in); }, from);
    co_await yield();
  };
  std::string text;
  try {
    run(root(ends.in()), {.processors = 1, .on_leak = OnLeak::fail});
  } catch (const Leak& leak) {
    text = leak.what();
  }
  EXPECT_NE(text.find(", waits in readable at "), std::string::npos) << text;
  EXPECT_NE(text.find("\n    on descriptor " + std::to_string(ends.in())), std::string::npos)
      << text;
}

TEST(Descriptor, LeavesOtherDeadlocksToBeFound) {
  Ends ends(Ends::pipe);
  auto root = [](Ends& both) -> Task<> {
    go(write_byte, both.out(), 'd');
    co_await readable(both.in());
    auto never = make_channel<int>();
    co_await never.receive();
  };
  EXPECT_THROW(run(root(ends), {.processors = 2}), Deadlock);
}

TEST(Descriptor, StopsWhenItIsNotOpen) {
  auto root = [](int descriptor) -> Task<> { co_await readable(descriptor); };
  EXPECT_DEATH(run(root(-1), {.processors = 1}), "not open");
  EXPECT_DEATH(run(root(1'000'000), {.processors = 1}), "not open");
}

TEST(Descriptor, StopsInVirtualTime) {
  auto root = []() -> Task<> { co_await readable(0); };
  EXPECT_DEATH(run_virtual(root()), "in virtual time");
}

// Pairs of tasks that hand a byte to and fro through sockets, beside tasks that give up waiting.
TEST(Descriptor, CarriesManyConversationsAtOnce) {
  constexpr int pairs = 16;
  constexpr int rounds = 50;
  auto talks = [](int socket, bool begins, int& heard) -> Task<> {
    if (begins) co_await write_byte(socket, 'p');
    for (int i = 0; i < rounds; ++i) {
      const char byte = co_await read_byte(socket);
      ++heard;
      const auto [context, cancel] = with_timeout(background(), 1us);
      co_await readable(context, socket);  // Given up, or the next byte: nothing is lost.
      if (!begins || i + 1 < rounds) co_await write_byte(socket, byte);
    }
  };
  auto root = [](auto talk) -> Task<int> {
    std::vector<Ends> sockets;
    std::vector<int> heard(2 * pairs, 0);
    WaitGroup all;
    for (std::size_t i = 0; i < pairs; ++i) {
      sockets.emplace_back(Ends::socket);
      all.go(talk, sockets[i].in(), true, std::ref(heard[2 * i]));
      all.go(talk, sockets[i].out(), false, std::ref(heard[2 * i + 1]));
    }
    co_await all.wait();
    co_return std::accumulate(heard.begin(), heard.end(), 0);
  };
  for (const int processors : {1, 2, 8}) {
    EXPECT_EQ(run(root(talks), {.processors = processors}), 2 * pairs * rounds);
  }
}

}  // namespace
}  // namespace weir
