#include "tests/model/channel_model.h"

#include <algorithm>

namespace weir::model {

State::State(const std::vector<std::size_t>& capacities) {
  for (std::size_t capacity : capacities) channels_.push_back({capacity, {}, false});
}

bool State::somebody_waits(std::size_t channel, bool sends) const {
  return std::ranges::any_of(waiting_, [&](const Waiting& each) {
    return std::ranges::any_of(each.operation.arms, [&](const Arm& arm) {
      return arm.channel == channel && arm.sends == sends;
    });
  });
}

// Serves the task that has waited longest to send (or to receive `value`, empty for the end). It
// may have several such arms; one state for each.
std::vector<State> State::serve_waiting(std::size_t channel, bool sends,
                                        std::optional<int> value) const {
  std::vector<State> results;
  for (std::size_t i = 0; i < waiting_.size() && results.empty(); ++i) {
    const auto& arms = waiting_[i].operation.arms;
    for (std::size_t k = 0; k < arms.size(); ++k) {
      if (arms[k].channel != channel || arms[k].sends != sends) continue;
      State next = *this;
      next.waiting_.erase(next.waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      Served& served = next.served_[waiting_[i].task];
      served.outcome = {static_cast<int>(k), sends ? std::nullopt : value, {}, 0};
      if (!sends && value) served.rest = waiting_[i].operation;
      if (sends) next.channels_[channel].buffer.push_back(arms[k].value);
      results.push_back(next);
    }
  }
  return results;
}

// The states to which serving this arm leads; none if it cannot be served now.
std::vector<State> State::serve(int task, const Arm& arm, int index) const {
  State next = *this;
  Channel& channel = next.channels_[arm.channel];
  next.served_[task].outcome = {index, std::nullopt, {}, 0};
  if (arm.sends) {
    if (somebody_waits(arm.channel, false)) {
      return next.serve_waiting(arm.channel, false, arm.value);
    }
    if (channel.buffer.size() == channel.capacity) return {};
    channel.buffer.push_back(arm.value);
    return {next};
  }
  // A sender that waits moves up behind the buffer, whatever its capacity; then the first value
  // goes.
  std::vector<State> nexts = {next};
  if (somebody_waits(arm.channel, true)) {
    nexts = next.serve_waiting(arm.channel, true, std::nullopt);
  } else if (channel.buffer.empty()) {
    return channel.closed ? nexts : std::vector<State>();
  }
  for (State& each : nexts) {
    std::deque<int>& buffer = each.channels_[arm.channel].buffer;
    each.served_[task].outcome.received = buffer.front();
    buffer.pop_front();
  }
  return nexts;
}

// The states to which a batch of `task` leads whose first value has been served.
std::vector<State> State::serve_more(int task, const Operation& rest) const {
  const Outcome& so_far = served_.at(task).outcome;
  if (rest.batch <= 1) return {*this};
  if (!rest.arms[0].sends && !so_far.received) return {*this};  // It has found the end.
  Operation left = rest;
  --left.batch;
  ++left.arms[0].value;
  const bool drained =
      channels_[left.arms[0].channel].buffer.empty() && !somebody_waits(left.arms[0].channel, true);
  if (!left.arms[0].sends && drained) return {*this};
  std::vector<State> results;
  for (State next : serve(task, left.arms[0], 0)) {
    Outcome& outcome = next.served_[task].outcome;
    const std::optional<int> received = outcome.received;
    outcome = so_far;
    if (received) outcome.more.push_back(*received);
    if (left.arms[0].sends) ++outcome.sent;
    for (const State& after : next.serve_more(task, left)) results.push_back(after);
  }
  return results.empty() ? std::vector<State>{*this} : results;
}

std::vector<State> State::begin(int task, const Operation& operation) const {
  std::vector<State> results;
  for (std::size_t i = 0; i < operation.arms.size(); ++i) {
    for (State next : serve(task, operation.arms[i], static_cast<int>(i))) {
      if (operation.batch > 1 && operation.arms[i].sends) next.served_[task].outcome.sent = 1;
      for (const State& after : next.serve_more(task, operation)) results.push_back(after);
    }
    if (operation.mode == Operation::Mode::ordered && !results.empty()) break;
  }
  if (!results.empty()) return results;
  State next = *this;
  if (operation.mode == Operation::Mode::attempt) {
    next.served_[task] = {};
  } else {
    next.waiting_.push_back({task, operation});
  }
  return {next};
}

std::vector<State> State::close(std::size_t channel) const {
  if (somebody_waits(channel, true)) return {};
  State closed = *this;
  closed.channels_[channel].closed = true;
  std::vector<State> results = {closed};
  while (results.front().somebody_waits(channel, false)) {
    std::vector<State> nexts;
    for (const State& each : results) {
      for (const State& next : each.serve_waiting(channel, false, std::nullopt)) {
        nexts.push_back(next);
      }
    }
    results = nexts;
  }
  return results;
}

std::vector<State> State::end(int task, const Outcome& outcome) const {
  const auto place = served_.find(task);
  if (place == served_.end()) return {};
  std::vector<State> results;
  for (State next : serve_more(task, place->second.rest)) {
    if (next.served_[task].outcome != outcome) continue;
    next.served_.erase(task);
    results.push_back(next);
  }
  return results;
}

template <class Step>
void Model::replace_each(Step step) {
  std::vector<State> nexts;
  for (const State& state : states_) {
    for (const State& next : step(state)) {
      if (std::ranges::find(nexts, next) == nexts.end()) nexts.push_back(next);
    }
  }
  states_ = nexts;
}

void Model::begin(int task, const Operation& operation) {
  replace_each([&](const State& state) { return state.begin(task, operation); });
}

void Model::close(std::size_t channel) {
  replace_each([&](const State& state) { return state.close(channel); });
}

void Model::end(int task, const Outcome& outcome) {
  replace_each([&](const State& state) { return state.end(task, outcome); });
}

void Model::settle() {
  std::erase_if(states_, [](const State& state) { return !state.settled(); });
}

}  // namespace weir::model
