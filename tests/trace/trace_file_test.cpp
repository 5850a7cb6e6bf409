// The file of a trace, read back: what viewers demand of it, and what was run.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/folder.h"
#include "weir/weir.h"

namespace weir {
namespace {

using Json = nlohmann::json;

struct TraceFile {
  Folder folder{};
  std::string path = folder.path("trace.json");

  Json read() const { return Json::parse(folder.read("trace.json")); }
};

std::vector<Json> events(const Json& trace, const std::string& phase) {
  std::vector<Json> found;
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("ph") == phase) found.push_back(event);
  }
  return found;
}

// Microseconds with three decimals, as whole nanoseconds.
std::int64_t nanoseconds(const Json& number) {
  return std::llround(number.get<double>() * 1000);
}

void expect_well_formed(const Json& trace, int processors) {
  std::map<int, std::int64_t> latest;
  std::map<int, std::int64_t> busy_until;
  for (const Json& event : trace.at("traceEvents")) {
    EXPECT_TRUE(event.at("name").is_string());
    EXPECT_EQ(event.at("pid"), 1);
    const int tid = event.at("tid").get<int>();
    EXPECT_GE(tid, 0);
    EXPECT_LT(tid, processors);
    const std::int64_t began = nanoseconds(event.at("ts"));
    EXPECT_GE(began, 0);
    EXPECT_GE(began, latest[tid]) << event;
    latest[tid] = began;
    if (event.at("ph") != "X") continue;
    const std::int64_t length = nanoseconds(event.at("dur"));
    EXPECT_GE(length, 0);
    EXPECT_GE(began, busy_until[tid]) << event;
    busy_until[tid] = began + length;
    EXPECT_TRUE(event.at("args").at("started").is_string());
  }
}

std::set<std::uint64_t> tasks(const Json& trace) {
  std::set<std::uint64_t> ids;
  for (const Json& slice : events(trace, "X")) {
    ids.insert(slice.at("args").at("id").get<std::uint64_t>());
  }
  return ids;
}

// How the slices of the tasks of that name ended, without the places, in order.
std::vector<std::string> ends(const Json& trace, const std::string& name) {
  std::vector<std::string> found;
  for (const Json& slice : events(trace, "X")) {
    if (slice.at("name") != name) continue;
    const std::string end = slice.at("args").value("end", "not told");
    found.push_back(end.substr(0, end.find(" at ")));
  }
  return found;
}

Task<> receive_all(Receiver<int> values) {
  set_task_name("consumer");
  while (const auto ignored = co_await values.receive()) continue;  // With a name for g++ 12.
}

Task<> meet(int pairs) {
  WaitGroup group;
  for (int i = 0; i < pairs; ++i) {
    const Channel<int> values = make_channel<int>();
    group.go(receive_all, values);
    group.go(
        [](Sender<int> to) -> Task<> {
          for (int value = 0; value < 20; ++value) co_await to.send(value);
          to.close();
        },
        values);
  }
  co_await group.wait();
}

void expect_all_tasks(const Json& trace, std::size_t count) {
  EXPECT_EQ(tasks(trace).size(), count);
  std::map<std::uint64_t, int> ended;
  for (const Json& slice : events(trace, "X")) {
    if (slice.at("args").at("end") == "ended") ++ended[slice.at("args").at("id")];
  }
  EXPECT_EQ(ended.size(), count);
  for (const auto& [task, times] : ended) EXPECT_EQ(times, 1) << "task " << task;
}

TEST(TraceFile, ShowsEveryTaskInRealTime) {
  for (const int processors : {1, 2, 8}) {
    const TraceFile file;
    run(meet(50), {.processors = processors, .trace_file = file.path});
    const Json trace = file.read();
    expect_well_formed(trace, processors);
    expect_all_tasks(trace, 101);
    EXPECT_EQ(trace.at("otherData").at("dropped_slices"), 0);
  }
}

TEST(TraceFile, ShowsEveryTaskInVirtualTime) {
  for (const int processors : {1, 3}) {
    const TraceFile file;
    run_virtual(meet(50), {.processors = processors, .trace_file = file.path});
    const Json trace = file.read();
    expect_well_formed(trace, processors);
    expect_all_tasks(trace, 101);
  }
}

TEST(TraceFile, NamesItsProcessors) {
  const TraceFile file;
  run(meet(1), {.processors = 2, .trace_file = file.path});
  const Json trace = file.read();
  EXPECT_EQ(trace.at("displayTimeUnit"), "ns");
  std::vector<Json> names;
  for (const Json& event : events(trace, "M")) {
    if (event.at("name") == "thread_name") names.push_back(event.at("args").at("name"));
  }
  EXPECT_EQ(names, (std::vector<Json>{"processor 0", "processor 1"}));
}

Task<> end_in_many_ways() {
  set_task_name("root");
  co_await yield();
  co_await sleep(1ms);
  const Channel<int> values = make_channel<int>();
  go([](Sender<int> to) -> Task<> { co_await to.send(1); }, values);
  co_await values.receive();
}

const std::vector<std::string> many_ways{"yield", "sleep", "receive", "ended"};

TEST(TraceFile, TellsHowASliceEnded) {
  const TraceFile file;
  run(end_in_many_ways(), {.processors = 1, .trace_file = file.path});
  EXPECT_EQ(ends(file.read(), "root"), many_ways);
  run_virtual(end_in_many_ways(), {.trace_file = file.path});
  EXPECT_EQ(ends(file.read(), "root"), many_ways);
}

TEST(TraceFile, TellsThePlaceWhereASliceEnded) {
  const TraceFile file;
  const unsigned line = __LINE__ + 1;
  run_virtual([]() -> Task<> { co_await sleep(1s); }(), {.trace_file = file.path});
  const Json args = events(file.read(), "X").at(0).at("args");
  EXPECT_EQ(args.at("end"), "sleep at " + std::string(__FILE__) + ":" + std::to_string(line));
  EXPECT_EQ(args.at("started"), std::string(__FILE__) + ":" + std::to_string(line));
}

TEST(TraceFile, TellsInWhatATaskWasLeft) {
  const TraceFile file;
  const auto root = []() -> Task<> {
    const Channel<int> values = make_channel<int>();
    go(
        [](Receiver<int> from) -> Task<> {
          set_task_name("forgotten");
          co_await from.receive();
        },
        values);
    co_await yield();
  };
  run(root(), {.processors = 1, .on_leak = OnLeak::ignore, .trace_file = file.path});
  EXPECT_EQ(ends(file.read(), "forgotten"), (std::vector<std::string>{"receive"}));
}

TEST(TraceFile, IsWrittenWhenAnExceptionEndsTheRun) {
  const auto root = []() -> Task<> {
    co_await yield();
    throw std::runtime_error("on purpose");
  };
  const TraceFile real;
  EXPECT_THROW(run(root(), {.processors = 2, .trace_file = real.path}), std::runtime_error);
  EXPECT_EQ(ends(real.read(), "task 1"), (std::vector<std::string>{"yield", "ended"}));
  const TraceFile virtual_time;
  EXPECT_THROW(run_virtual(root(), {.trace_file = virtual_time.path}), std::runtime_error);
  EXPECT_EQ(ends(virtual_time.read(), "task 1"), (std::vector<std::string>{"yield", "ended"}));
}

TEST(TraceFile, IsWrittenForADeadlock) {
  const TraceFile file;
  const auto root = []() -> Task<> {
    const Channel<int> values = make_channel<int>();
    co_await values.receive();
  };
  EXPECT_THROW(run(root(), {.processors = 1, .trace_file = file.path}), Deadlock);
  EXPECT_EQ(ends(file.read(), "task 1"), (std::vector<std::string>{"receive"}));
}

TEST(TraceFile, ShowsWorkInVirtualTimeOnProcessorsOfItsOwn) {
  const TraceFile file;
  const auto root = []() -> Task<> {
    WaitGroup group;
    for (int i = 0; i < 5; ++i) group.go([]() -> Task<> { co_await work(10us); });
    co_await group.wait();
  };
  run_virtual(root(), {.processors = 2, .trace_file = file.path});
  const Json trace = file.read();
  expect_well_formed(trace, 2);
  std::map<int, std::vector<std::int64_t>> worked;
  for (const Json& slice : events(trace, "X")) {
    if (slice.at("dur") != 10.0) continue;
    worked[slice.at("tid")].push_back(nanoseconds(slice.at("ts")));
    EXPECT_EQ(slice.at("args").at("end").get<std::string>().substr(0, 7), "work at");
  }
  EXPECT_EQ(worked[0], (std::vector<std::int64_t>{0, 10'000, 20'000}));
  EXPECT_EQ(worked[1], (std::vector<std::int64_t>{0, 10'000}));
}

TEST(TraceFile, TakesEqualVirtualRunsForEqual) {
  const std::array<TraceFile, 2> files;
  for (const TraceFile& file : files) {
    run_virtual(meet(10), {.seed = 3, .order = Order::drawn, .trace_file = file.path});
  }
  EXPECT_TRUE(files[0].read() == files[1].read());
}

TEST(TraceFile, LeavesAVirtualRunAsItWas) {
  const TraceFile file;
  std::uint64_t plain = 0;
  std::uint64_t traced = 0;
  run_virtual(meet(10), {.seed = 3}, &plain);
  run_virtual(meet(10), {.seed = 3, .trace_file = file.path}, &traced);
  EXPECT_EQ(plain, traced);
}

// The slice goes on on another processor, or on its own after others have had it.
TEST(TraceFile, ShowsASliceThatLostItsProcessorInARegion) {
  for (const int processors : {1, 2}) {
    const TraceFile file;
    const auto root = []() -> Task<> {
      for (int i = 0; i < 20; ++i) {
        std::atomic<bool> gate = false;
        go(
            [](std::atomic<bool>& to_open) -> Task<> {
              to_open = true;
              to_open.notify_all();
              co_return;
            },
            std::ref(gate));
        const BlockingRegion region;
        gate.wait(false);
      }
      co_return;
    };
    run(root(), {.processors = processors, .trace_file = file.path});
    const Json trace = file.read();
    expect_well_formed(trace, processors);
    expect_all_tasks(trace, 21);
  }
}

TEST(TraceFile, EscapesNames) {
  const std::string name = "a \"quoted\" \\ back\nslash \x01 t\xC3\xA4sk";
  const TraceFile file;
  run_virtual(
      [](std::string given) -> Task<> {
        set_task_name(given + "\xFF");
        co_return;
      }(name),
      {.trace_file = file.path});
  EXPECT_EQ(events(file.read(), "X").at(0).at("name"), name + "\xEF\xBF\xBD");
}

Task<> yields(int times) {
  for (int i = 0; i < times; ++i) co_await yield();
}

TEST(TraceFile, KeepsTheNewestAndTellsWhatItLacks) {
  for (const bool real : {true, false}) {
    const TraceFile file;
    testing::internal::CaptureStderr();
    if (real) {
      run(yields(99), {.processors = 1, .trace_file = file.path, .trace_slices_max = 40});
    } else {
      run_virtual(yields(99), {.trace_file = file.path, .trace_slices_max = 40});
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "weir: the trace " + file.path +
                  " lacks the oldest 60 slices; trace_slices_max bounds it\n");
    const Json trace = file.read();
    expect_well_formed(trace, 1);
    EXPECT_EQ(trace.at("otherData").at("dropped_slices"), 60);
    EXPECT_EQ(events(trace, "X").size(), 40u);
    EXPECT_EQ(ends(trace, "task 1").back(), "ended");
  }
}

// What came after a slice may be among what was dropped: rather nothing than the wrong end.
TEST(TraceFile, TellsNoEndOfWhatIsOlderThanWhatItDropped) {
  const TraceFile file;
  testing::internal::CaptureStderr();
  const auto root = []() -> Task<> {
    go([]() -> Task<> { co_await work(1h); });  // holds processor 0
    co_await sleep(1s);
    for (int i = 0; i < 20; ++i) co_await sleep(1s);
  };
  run_virtual(
      root(),
      {.processors = 2, .on_leak = OnLeak::ignore, .trace_file = file.path, .trace_slices_max = 5});
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(ends(file.read(), "task 1"),
            (std::vector<std::string>{"not told", "sleep", "sleep", "sleep", "sleep", "ended"}));
}

TEST(TraceFile, IsNoNeedForTheResult) {
  testing::internal::CaptureStderr();
  const int result = run([]() -> Task<int> { co_return 42; }(),
                         {.processors = 1, .trace_file = "/no/such/folder/trace.json"});
  EXPECT_EQ(result, 42);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "weir: no trace is written to /no/such/folder/trace.json: No such file or directory\n");
}

TEST(TraceFile, TellsOfADeviceThatIsFull) {
  testing::internal::CaptureStderr();
  run_virtual(yields(1), {.trace_file = "/dev/full"});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "weir: no trace is written to /dev/full: No space left on device\n");
}

TEST(TraceFile, IsWrittenAnewByEachRunOfARuntime) {
  const TraceFile file;
  Runtime runtime({.processors = 2, .trace_file = file.path});
  runtime.run(meet(5));
  runtime.run(yields(2));
  const Json trace = file.read();
  EXPECT_EQ(events(trace, "X").size(), 3u);
  expect_well_formed(trace, 2);
}

TEST(TraceFile, ComesFromTheEnvironment) {
  const TraceFile file;
  setenv("WEIR_TRACE", file.path.c_str(), 1);
  run(yields(2), {.processors = 1});
  run(yields(5), {.processors = 1});
  run_virtual(yields(8));
  unsetenv("WEIR_TRACE");
  std::set<std::size_t> slices;
  for (const auto& entry : std::filesystem::directory_iterator(file.folder.path())) {
    const std::string name = entry.path().filename().string();
    EXPECT_EQ(name.substr(0, 10), "trace.json");
    slices.insert(events(Json::parse(file.folder.read(name)), "X").size());
  }
  EXPECT_EQ(slices, (std::set<std::size_t>{3, 6}));  // and none of the run in virtual time
}

}  // namespace
}  // namespace weir
