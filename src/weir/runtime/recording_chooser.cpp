#include "weir/runtime/recording_chooser.h"

#include <algorithm>

#include "weir/runtime/run_options.h"
#include "weir/runtime/scheduler.h"
#include "weir/runtime/wait_graph.h"

namespace weir {
namespace {

std::size_t place_of(const TaskRecord* task, const std::vector<TaskRecord*>& ready) {
  if (task == nullptr) return ReadyTasks::nobody;
  const auto place = std::ranges::find(ready, task);
  return place == ready.end() ? ReadyTasks::nobody
                              : static_cast<std::size_t>(place - ready.begin());
}

}  // namespace

TaskRecord& RecordingChooser::take(std::vector<TaskRecord*>& ready) {
  if (++steps_ > limits_.steps) {
    throw Livelock("the run has not ended after " + std::to_string(limits_.steps) + " steps");
  }
  const std::size_t chosen =
      strategy_.pick_task({ready, place_of(interrupted_, ready), place_of(yielded_, ready)});
  interrupted_ = yielded_ = nullptr;
  TaskRecord& task = *ready[chosen];
  ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(chosen));
  return task;
}

// The plain choice is to let ready tasks go first, then to fire in the order of arming.
std::size_t RecordingChooser::choose_timer(std::size_t due, bool may_wait) noexcept {
  const std::uint64_t number = choose(due + (may_wait ? 1 : 0));
  if (!may_wait) return number;
  return number == 0 ? due : number - 1;
}

void RecordingChooser::time_moves(TimePoint now) noexcept {
  log_.add({.what = Event::What::time_moved, .time = now});
}

void RecordingChooser::starts(const TaskRecord& task) noexcept {
  log_.add({.what = Event::What::started,
            .task = task.id,
            .by = running.task == nullptr ? 0 : running.task->id,
            .where = task.started_at()});
}

void RecordingChooser::gives_way(const TaskRecord& task, const Wait* operation) noexcept {
  running_ = nullptr;
  if (operation == nullptr) {
    yielded_ = &task;
    log_.add({.what = Event::What::yielded, .task = task.id});
    return;
  }
  interrupted_ = &task;
  log_.add({.what = Event::What::interrupted,
            .task = task.id,
            .verb = operation->verb(),
            .where = operation->where(),
            .object = operation->object()});
}

void RecordingChooser::ends(const TaskRecord& task) noexcept {
  running_ = nullptr;
  log_.add({.what = Event::What::ended, .task = task.id});
}

void RecordingChooser::returns() noexcept {
  if (running_ == nullptr || running_->wait == nullptr) return;
  log_.add({.what = Event::What::parked,
            .task = running_->id,
            .verb = running_->wait->verb(),
            .where = running_->wait->where(),
            .object = running_->wait->object()});
}

void RecordingChooser::leaves(const std::vector<TaskRecord*>& tasks) {
  waits_ = describe_waits(tasks, log_.objects());
}

}  // namespace weir
