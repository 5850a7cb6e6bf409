// The plainest possible channels, as specification: what a set of tasks may see of them.
//
// In a run on one thread each operation takes effect when its task begins it: it is served at once,
// or it waits and is served when another task begins a later one. So the model needs three events:
// begin, close, and end, which brings what the task was told. Where the rules leave a choice (which
// ready arm a select takes) the model follows all of them, and what the tasks are told rules out
// those that did not happen. A history is wrong when none is left.
//
// No lock, no coroutine, no clock, no links: it is to be right by inspection.

#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace weir::model {

// One way in which an operation can be served. A plain send or receive has one arm.
struct Arm {
  bool sends = false;
  std::size_t channel = 0;
  int value = 0;  // of a send

  bool operator==(const Arm&) const = default;
};

struct Operation {
  enum class Mode {
    wait,     // until an arm can be served; any of those that can
    ordered,  // the same, but the first of those that can
    attempt,  // at once or not at all
  };
  Mode mode = Mode::wait;
  std::vector<Arm> arms;

  // Of an operation with one arm: the same again as often as it can be done at once, this many
  // times in all. A send sends the values from the arm's on.
  int batch = 1;

  bool operator==(const Operation&) const = default;
};

// What the task is told when its operation is over.
struct Outcome {
  int arm = -1;                 // -1: an attempt that could not be served
  std::optional<int> received;  // empty for a send, and for a receive that found the end
  std::vector<int> more;        // what a batch received behind it
  int sent = 0;                 // how many values a batch has sent

  bool operator==(const Outcome&) const = default;
};

// One possible state of everything.
class State {
 public:
  explicit State(const std::vector<std::size_t>& capacities);

  // The states to which an operation of `task` may lead.
  std::vector<State> begin(int task, const Operation& operation) const;

  // The states to which closing `channel` may lead; none if a send waits there.
  std::vector<State> close(std::size_t channel) const;

  // The states in which `task` has been told this; none if it cannot have been. A batch that waited
  // for its first value takes the others now.
  std::vector<State> end(int task, const Outcome& outcome) const;

  // True if nobody has been served who has not been told.
  bool settled() const { return served_.empty(); }

  bool operator==(const State&) const = default;

 private:
  struct Channel {
    std::size_t capacity = 0;
    std::deque<int> buffer;
    bool closed = false;
    bool operator==(const Channel&) const = default;
  };
  struct Waiting {
    int task = 0;
    Operation operation;
    bool operator==(const Waiting&) const = default;
  };
  struct Served {
    Outcome outcome;
    Operation rest;  // what a batch may still do when its task runs
    bool operator==(const Served&) const = default;
  };

  std::vector<State> serve(int task, const Arm& arm, int index) const;
  std::vector<State> serve_more(int task, const Operation& rest) const;
  std::vector<State> serve_waiting(std::size_t channel, bool sends, std::optional<int> value) const;
  bool somebody_waits(std::size_t channel, bool sends) const;

  std::vector<Channel> channels_;
  std::vector<Waiting> waiting_;  // in the order in which they came
  std::map<int, Served> served_;
};

// All states that agree with the history so far.
class Model {
 public:
  explicit Model(const std::vector<std::size_t>& capacities) : states_{State(capacities)} {}

  void begin(int task, const Operation& operation);
  void close(std::size_t channel);
  void end(int task, const Outcome& outcome);

  // Nothing runs any more: whoever has not been told is not served.
  void settle();

  // False once the history is wrong.
  bool possible() const { return !states_.empty(); }

 private:
  template <class Step>
  void replace_each(Step step);

  std::vector<State> states_;
};

}  // namespace weir::model
