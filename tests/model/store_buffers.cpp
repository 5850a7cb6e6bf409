#include "tests/model/store_buffers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <unordered_set>

namespace weir::model {
namespace {

constexpr std::size_t words_max = 8;
constexpr std::size_t threads_max = 4;
constexpr std::size_t buffer_max = 6;

struct Store {
  std::int8_t word = 0;
  std::int8_t value = 0;

  bool operator==(const Store&) const = default;
};

struct Thread {
  std::uint8_t at = 0;        // the next instruction
  std::uint8_t buffered = 0;  // stores, the oldest first
  std::array<Store, buffer_max> buffer{};

  bool operator==(const Thread&) const = default;

  void drain_one(std::array<std::int8_t, words_max>& memory) {
    memory[static_cast<std::size_t>(buffer[0].word)] = buffer[0].value;
    std::shift_left(buffer.begin(), buffer.end(), 1);
    buffer[--buffered] = {};
  }
};

struct State {
  std::array<std::int8_t, words_max> memory{};
  std::array<Thread, threads_max> threads{};
  std::array<std::int8_t, words_max> inside{};  // threads in each section

  bool operator==(const State&) const = default;
};

static_assert(std::has_unique_object_representations_v<State>);

struct Hash {
  std::size_t operator()(const State& state) const {
    const std::string_view bytes(reinterpret_cast<const char*>(&state), sizeof state);
    return std::hash<std::string_view>()(bytes);
  }
};

int load(const State& state, const Thread& thread, int word) {
  for (std::size_t i = thread.buffered; i-- > 0;) {
    if (thread.buffer[i].word == word) return thread.buffer[i].value;
  }
  return state.memory[static_cast<std::size_t>(word)];
}

bool is_locked(const Instruction& instruction) {
  using enum Instruction::Kind;
  return instruction.kind == store_locked || instruction.kind == lock ||
         instruction.kind == try_lock;
}

// The state after the thread's next instruction; nothing if it has to stand still.
std::optional<State> step(State state, std::size_t who, const Instruction& instruction) {
  using enum Instruction::Kind;
  Thread& self = state.threads[who];
  if (is_locked(instruction) && self.buffered > 0) return std::nullopt;
  const auto word = static_cast<std::size_t>(instruction.word);
  const int read = load(state, self, instruction.word);
  bool jumps = instruction.kind == jump;
  switch (instruction.kind) {
    case store:
      if (self.buffered == buffer_max) return std::nullopt;  // until the oldest has gone
      self.buffer[self.buffered++] = {static_cast<std::int8_t>(instruction.word),
                                      static_cast<std::int8_t>(instruction.value)};
      break;
    case store_locked:
      state.memory[word] = static_cast<std::int8_t>(instruction.value);
      break;
    case lock:
      if (read != 0) return std::nullopt;
      state.memory[word] = 1;
      break;
    case try_lock:
      jumps = read != 0;
      state.memory[word] = 1;
      break;
    case jump_if:
      jumps = read == instruction.value;
      break;
    case jump_unless:
      jumps = read != instruction.value;
      break;
    case await:
      if (read != instruction.value) return std::nullopt;
      break;
    case barrier:
      for (Thread& thread : state.threads) {
        while (thread.buffered > 0) thread.drain_one(state.memory);
      }
      break;
    case come:
      ++state.inside[word];
      break;
    case go:
      --state.inside[word];
      break;
    case jump:
      break;
  }
  self.at = static_cast<std::uint8_t>(jumps ? instruction.target : self.at + 1u);
  return state;
}

class Search {
 public:
  explicit Search(const std::vector<Program>& programs) : programs_(programs) {
    if (programs.size() > threads_max) throw std::invalid_argument("too many threads");
  }

  Exhausted all() {
    visit(State());
    while (!open_.empty() && bug_.empty()) {
      const State state = open_.back();
      open_.pop_back();
      go_on_from(state);
    }
    return {bug_, seen_.size()};
  }

 private:
  void visit(const State& state) {
    if (std::ranges::any_of(state.inside, [](int count) { return count > 1; })) {
      bug_ = "two threads are in one section";
    }
    if (seen_.insert(state).second) open_.push_back(state);
  }

  void go_on_from(const State& state) {
    bool anybody = false;
    bool finished = true;
    for (std::size_t who = 0; who < programs_.size(); ++who) {
      const auto& program = programs_[who].instructions();
      const Thread& thread = state.threads[who];
      if (thread.buffered > 0) {
        State next = state;
        next.threads[who].drain_one(next.memory);
        visit(next);
        anybody = true;
      }
      if (thread.at == program.size()) continue;
      finished = false;
      if (const auto next = step(state, who, program[thread.at])) {
        visit(*next);
        anybody = true;
      }
    }
    if (!anybody && !finished) bug_ = "threads wait for each other";
  }

  const std::vector<Program>& programs_;
  std::unordered_set<State, Hash> seen_;
  std::vector<State> open_;
  std::string bug_;
};

}  // namespace

Exhausted exhaust(const std::vector<Program>& programs) {
  return Search(programs).all();
}

}  // namespace weir::model
