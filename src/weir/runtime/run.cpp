#include "weir/runtime/run.h"

#include "weir/runtime/quit_signal.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {

struct Runtime::Machine final : QuitSignal::Subject {
  explicit Machine(const RuntimeOptions& options)
      : scheduler(options), shows_on_quit(options.dump_on_sigquit) {}

  void show(std::ostream& out) override { scheduler.dump(out, {}); }

  ThreadScheduler scheduler;
  const bool shows_on_quit;
};

Runtime::Runtime(RuntimeOptions options) : machine_(std::make_unique<Machine>(options)) {}

Runtime::~Runtime() = default;

int Runtime::processors() const {
  return machine_->scheduler.processors();
}

TaskHandle Runtime::start(std::coroutine_handle<> root, std::source_location where) {
  return start_on(machine_->scheduler, root, where);
}

RuntimeStats Runtime::stats() const {
  return machine_->scheduler.stats();
}

void Runtime::dump_tasks(std::ostream& out, const DumpOptions& options) {
  machine_->scheduler.dump(out, options);
}

void Runtime::run_root(std::coroutine_handle<> root, std::source_location where) {
  const QuitSignal shown(machine_->shows_on_quit ? machine_.get() : nullptr);
  const TaskHandle task(new TaskRecord(machine_->scheduler, root, where));
  machine_->scheduler.run(*task.record());
}

}  // namespace weir
