// Random programs on real channels, held against the model: what every task is told must be
// possible, and no task may wait for what the model would serve.

#include "tests/model/channel_model.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/searching.h"
#include "tests/support/concurrency_test.h"
#include "weir/base/random.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"

namespace weir::model {
namespace {

using Mode = Operation::Mode;

struct Program {
  std::vector<std::size_t> capacities;
  std::vector<bool> closes;  // whether the channel is closed after its last send
  std::vector<std::vector<Operation>> tasks;
};

class Draw {
 public:
  explicit Draw(std::uint64_t number) : random_({0, 0}, "program", number) {}

  // Uniform in [least, most].
  std::size_t between(std::size_t least, std::size_t most) {
    return least + static_cast<std::size_t>(random_.below(most - least + 1));
  }
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }

 private:
  Random random_;
};

// Waits for a first value and takes more, or tries to receive or send several.
Operation draw_batch(Draw& draw, std::size_t channels, int& next_value) {
  Operation operation;
  operation.batch = static_cast<int>(draw.between(2, 4));
  const bool sends = draw.chance(50);
  operation.mode = sends || draw.chance(30) ? Mode::attempt : Mode::wait;
  operation.arms.push_back({.sends = sends, .channel = draw.between(0, channels - 1)});
  if (sends) operation.arms[0].value = std::exchange(next_value, next_value + operation.batch);
  return operation;
}

Operation draw_operation(Draw& draw, std::size_t channels, int& next_value) {
  if (draw.chance(25)) return draw_batch(draw, channels, next_value);
  Operation operation;
  operation.mode = draw.chance(60) ? Mode::wait : draw.chance(50) ? Mode::ordered : Mode::attempt;
  const std::size_t arms = draw.chance(50) ? 1 : draw.between(2, 3);
  for (std::size_t i = 0; i < arms; ++i) {
    Arm arm;
    arm.sends = draw.chance(50);
    arm.channel = draw.between(0, channels - 1);
    if (arm.sends) arm.value = next_value++;
    operation.arms.push_back(arm);
  }
  return operation;
}

Program draw_program(std::uint64_t number) {
  Draw draw(number);
  Program program;
  int next_value = 1;
  const std::size_t channels = draw.between(1, 3);
  for (std::size_t i = 0; i < channels; ++i) {
    program.capacities.push_back(draw.between(0, 3));
    program.closes.push_back(draw.chance(50));
  }
  program.tasks.resize(draw.between(2, 5));
  for (auto& task : program.tasks) {
    const std::size_t length = draw.between(1, 6);
    for (std::size_t i = 0; i < length; ++i) {
      task.push_back(draw_operation(draw, channels, next_value));
    }
  }
  return program;
}

std::string describe(const Operation& operation) {
  std::string text = operation.mode == Mode::wait ? "wait" : "";
  if (operation.mode == Mode::ordered) text = "ordered";
  if (operation.mode == Mode::attempt) text = "attempt";
  if (operation.batch > 1) text += " " + std::to_string(operation.batch) + " times";
  for (const Arm& arm : operation.arms) {
    text += arm.sends ? " send(" + std::to_string(arm.value) + ")" : " receive";
    text += "@" + std::to_string(arm.channel);
  }
  return text;
}

std::string describe(const Outcome& outcome) {
  if (outcome.arm < 0) return "nothing";
  std::string text = "arm " + std::to_string(outcome.arm) + ", ";
  text += outcome.received ? std::to_string(*outcome.received) : "no value";
  for (int value : outcome.more) text += " " + std::to_string(value);
  if (outcome.sent > 0) text += ", sent " + std::to_string(outcome.sent);
  return text;
}

// One run of a program: carries it out on real channels and tells the model.
class Trial {
 public:
  explicit Trial(const Program& program) : program_(program), model_(program.capacities) {
    for (std::size_t capacity : program.capacities)
      channels_.push_back(make_channel<int>(capacity));
    sends_left_.resize(channels_.size());
    for (const auto& task : program.tasks) {
      for (const Operation& operation : task) count_sends(operation, 1);
    }
  }

  Task<> run() {
    for (std::size_t i = 0; i < program_.tasks.size(); ++i) {
      go(
          [](Trial& trial, int task) -> Task<> {
            auto acting = trial.act(task);
            co_await acting;
          },
          std::ref(*this), static_cast<int>(i));
    }
    co_await sleep(1ms);
    model_.settle();
    note("all at rest");
  }

  const std::string& history() const { return history_; }
  bool possible() const { return model_.possible(); }

 private:
  Task<> act(int task) {
    const std::string name = "task " + std::to_string(task) + " ";
    for (const Operation& operation : program_.tasks[static_cast<std::size_t>(task)]) {
      model_.begin(task, operation);
      note(name + "begins " + describe(operation));
      auto performing = perform(operation);
      const Outcome outcome = co_await performing;
      model_.end(task, outcome);
      note(name + "gets " + describe(outcome));
      count_sends(operation, -1);
      close_what_is_done();
    }
  }

  Task<Outcome> perform(const Operation& operation) {
    if (operation.arms.size() == 1 && operation.mode != Mode::ordered) {
      const Arm& arm = operation.arms[0];
      const Channel<int>& channel = channels_[arm.channel];
      if (operation.batch > 1) {
        auto performing = perform_batch(operation, channel);
        co_return co_await performing;
      }
      if (operation.mode == Mode::attempt) co_return attempt(arm, channel);
      if (!arm.sends) co_return Outcome{0, co_await channel.receive(), {}, 0};
      co_await channel.send(arm.value);
      co_return Outcome{0, std::nullopt, {}, 0};
    }
    auto selecting = select_among(operation);
    co_return co_await selecting;
  }

  static Outcome attempt(const Arm& arm, const Channel<int>& channel) {
    if (arm.sends) return {channel.try_send(int(arm.value)) ? 0 : -1, std::nullopt, {}, 0};
    const auto received = channel.try_receive();
    if (received) return {0, *received, {}, 0};
    return {received.error() == Closed ? 0 : -1, std::nullopt, {}, 0};
  }

  static Task<Outcome> perform_batch(const Operation& operation, const Channel<int>& channel) {
    Batch<int> values(static_cast<std::size_t>(operation.batch));
    if (operation.arms[0].sends) co_return send_batch(operation, channel, values);
    bool closed = true;
    if (operation.mode == Mode::wait) {
      co_await channel.receive_many(values);
    } else {
      const auto count = channel.try_receive_many(values);
      closed = !count && count.error() == Closed;
    }
    Outcome outcome{closed || !values.empty() ? 0 : -1, std::nullopt, {}, 0};
    if (!values.empty()) outcome.received = values.pop_front();
    outcome.more.assign(values.begin(), values.end());
    co_return outcome;
  }

  static Outcome send_batch(const Operation& operation, const Channel<int>& channel,
                            Batch<int>& values) {
    const int first = operation.arms[0].value;
    for (int i = 0; i < operation.batch; ++i) values.push_back(first + i);
    const int sent = static_cast<int>(channel.try_send_many(values));
    EXPECT_EQ(values.size(), static_cast<std::size_t>(operation.batch - sent));
    if (!values.empty()) {
      EXPECT_EQ(*values.begin(), first + sent);
    }
    return {sent > 0 ? 0 : -1, std::nullopt, {}, sent};
  }

  // Arms as cases. A case cannot move, hence the pointers.
  struct Cases {
    std::vector<std::unique_ptr<SendCase<int>>> sends;
    std::vector<std::unique_ptr<ReceiveCase<int>>> receives;
    std::vector<Case*> list;
  };

  Cases make_cases(const Operation& operation) const {
    Cases cases;
    const auto here = std::source_location::current();
    for (const Arm& arm : operation.arms) {
      const Channel<int>& channel = channels_[arm.channel];
      if (arm.sends) {
        cases.sends.push_back(std::make_unique<SendCase<int>>(channel, int(arm.value), here));
        cases.receives.emplace_back();
        cases.list.push_back(cases.sends.back().get());
      } else {
        cases.receives.push_back(std::make_unique<ReceiveCase<int>>(channel, here));
        cases.sends.emplace_back();
        cases.list.push_back(cases.receives.back().get());
      }
    }
    return cases;
  }

  Task<Outcome> select_among(const Operation& operation) {
    Cases cases = make_cases(operation);
    const std::vector<Case*>& list = cases.list;
    int chosen = -1;
    if (operation.mode == Mode::wait) {
      chosen = co_await select(list);
    } else if (operation.mode == Mode::attempt) {
      chosen = list.size() == 2 ? try_select(*list[0], *list[1])
                                : try_select(*list[0], *list[1], *list[2]);
    } else if (list.size() == 1) {
      chosen = co_await select_first(*list[0]);
    } else if (list.size() == 2) {
      chosen = co_await select_first(*list[0], *list[1]);
    } else {
      chosen = co_await select_first(*list[0], *list[1], *list[2]);
    }
    co_return outcome_of(operation, cases, chosen);
  }

  // Also sees to it that nothing but the chosen case has changed.
  Outcome outcome_of(const Operation& operation, Cases& cases, int chosen) {
    Outcome outcome{chosen, std::nullopt, {}, 0};
    for (std::size_t i = 0; i < operation.arms.size(); ++i) {
      const bool is_chosen = static_cast<int>(i) == chosen;
      EXPECT_EQ(cases.list[i]->chosen(), is_chosen);
      if (!operation.arms[i].sends) {
        ReceiveCase<int>& receive = *cases.receives[i];
        if (is_chosen && receive) outcome.received = *receive;
        EXPECT_TRUE(is_chosen || !receive);
      } else if (!is_chosen) {
        EXPECT_EQ(cases.sends[i]->take_back(), operation.arms[i].value);
      }
    }
    return outcome;
  }

  void count_sends(const Operation& operation, int change) {
    for (const Arm& arm : operation.arms) {
      if (arm.sends) sends_left_[arm.channel] += change;
    }
  }

  void close_what_is_done() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (!program_.closes[i] || sends_left_[i] != 0) continue;
      sends_left_[i] = -1;
      model_.close(i);
      note("close@" + std::to_string(i));
      channels_[i].close();
    }
  }

  void note(const std::string& event) {
    if (wrong_) return;
    history_ += "  " + event + "\n";
    wrong_ = !model_.possible();
  }

  const Program& program_;
  Model model_;
  std::vector<Channel<int>> channels_;
  std::vector<int> sends_left_;
  std::string history_;
  bool wrong_ = false;
};

std::string describe_failure(std::uint64_t number, const Program& program, const Trial& trial) {
  std::string capacities;
  for (std::size_t capacity : program.capacities) capacities += " " + std::to_string(capacity);
  return "program " + std::to_string(number) + ", capacities" + capacities +
         "; the last line is impossible:\n" + trial.history();
}

constexpr std::uint64_t programs = 2000;
constexpr std::uint32_t schedules_each = 3;  // of each strategy

void try_program(std::uint64_t number) {
  const Program program = draw_program(number);
  Trial in_order(program);
  run_virtual(in_order.run(), {.seed = number, .on_leak = OnLeak::ignore});
  EXPECT_TRUE(in_order.possible()) << describe_failure(number, program, in_order);
  std::unique_ptr<Trial> trial;
  const auto body = [&] {
    trial = std::make_unique<Trial>(program);
    return trial->run();
  };
  const auto failed = [&] { return !trial->possible() || testing::Test::HasFailure(); };
  for (const Explore strategy : strategies) {
    try {
      explore({.strategy = strategy,
               .runs = schedules_each,
               .seed = number,
               .on_leak = OnLeak::ignore,
               .check_determinism = false,
               .failed = failed},
              body);
    } catch (const ExploreFailure& failure) {
      ADD_FAILURE() << describe_failure(number, program, *trial) << failure.what();
      return;
    }
  }
}

// WEIR_TEST_SEED=n tries program n alone.
TEST(ChannelModel, RandomProgramsBehaveAsSpecified) {
  const std::uint64_t asked = test::seed_asked_for(programs);
  const std::uint64_t first = asked == programs ? 0 : asked;
  const std::uint64_t last = asked == programs ? programs : asked + 1;
  for (std::uint64_t number = first; number < last && !HasFailure(); ++number) {
    try_program(number);
  }
}

// The model itself: it must refuse what is wrong, or agreement with it means nothing.
constexpr Arm send_arm(int value) {
  return {true, 0, value};
}
constexpr Arm receive_arm() {
  return {false, 0, 0};
}

TEST(ChannelModel, RefusesAValueOutOfOrder) {
  Model model({2});
  for (int i : {1, 2}) {
    model.begin(i, {Mode::wait, {send_arm(i)}});
    model.end(i, {0, std::nullopt, {}, 0});
  }
  model.begin(3, {Mode::wait, {receive_arm()}});
  EXPECT_TRUE(model.possible());
  model.end(3, {0, 2, {}, 0});
  EXPECT_FALSE(model.possible());
}

TEST(ChannelModel, RefusesASendThatEndsWithoutAReceive) {
  Model model({0});
  model.begin(1, {Mode::wait, {send_arm(1)}});
  EXPECT_TRUE(model.possible());
  model.end(1, {0, std::nullopt, {}, 0});
  EXPECT_FALSE(model.possible());
}

TEST(ChannelModel, RefusesARestWithAPairThatCouldMeet) {
  Model model({0});
  model.begin(1, {Mode::wait, {send_arm(1)}});
  model.begin(2, {Mode::wait, {receive_arm()}});
  model.settle();
  EXPECT_FALSE(model.possible());
}

TEST(ChannelModel, LeavesASelectItsChoiceAndRemembersIt) {
  const Operation either = {Mode::wait, {receive_arm(), send_arm(2)}};
  for (int arm : {0, 1}) {
    Model model({2});
    model.begin(1, {Mode::wait, {send_arm(1)}});
    model.end(1, {0, std::nullopt, {}, 0});
    model.begin(2, either);
    model.end(2, {arm, arm == 0 ? std::optional(1) : std::nullopt, {}, 0});
    EXPECT_TRUE(model.possible());
    model.begin(3, {Mode::attempt, {receive_arm()}});
    model.end(3, {arm == 0 ? -1 : 0, arm == 0 ? std::nullopt : std::optional(1), {}, 0});
    EXPECT_TRUE(model.possible());
  }
}

TEST(ChannelModel, RefusesTheSecondArmWhereTheOrderNamesTheFirst) {
  Model model({2});
  model.begin(1, {Mode::wait, {send_arm(1)}});
  model.end(1, {0, std::nullopt, {}, 0});
  model.begin(2, {Mode::ordered, {receive_arm(), send_arm(2)}});
  model.end(2, {1, std::nullopt, {}, 0});
  EXPECT_FALSE(model.possible());
}

// A batch that waited is served one value, and takes the rest of what has come when it runs.
TEST(ChannelModel, KnowsWhatABatchMayTake) {
  const Operation three = {Mode::wait, {receive_arm()}, 3};
  for (bool whole : {true, false}) {
    Model model({2});
    model.begin(1, three);
    for (int i : {2, 3, 4}) {
      model.begin(i, {Mode::wait, {send_arm(i)}});
      model.end(i, {0, std::nullopt, {}, 0});
    }
    EXPECT_TRUE(model.possible());
    model.end(1, {0, 2, whole ? std::vector<int>{3, 4} : std::vector<int>{3}, 0});
    EXPECT_EQ(model.possible(), whole);
  }
}

}  // namespace
}  // namespace weir::model
