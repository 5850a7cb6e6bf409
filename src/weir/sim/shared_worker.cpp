#include "weir/sim/shared_worker.h"

#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/task_dump.h"
#include "weir/sim/server.h"
#include "weir/sim/shared_line.h"
#include "weir/sync/select.h"

namespace weir::sim {
namespace {

using Attempt = SharedLine::Attempt;
using SimulatedJob = ChangingWorker::SimulatedJob;

// The machine and its line, which change together.
class SharedWorker {
 public:
  SharedWorker(const Plan& plan, const Workers& group, std::uint32_t number,
               const ChangingWorker::Sources& sources, WorkerWatch& its_watch)
      : machine(plan, group, number, sources),
        line(queue_options(group.queue.value_or(plan.scenario.balancer.queue)), its_watch),
        watch(its_watch) {}

  void arrive(Attempt attempt, TimePoint now) {
    if (attempt->context.cancelled()) {
      line.dismiss(*attempt);
    } else if (line.empty() && has_slot()) {
      machine.begin(SimulatedJob(std::move(attempt)));
    } else {
      line.add(std::move(attempt), now);
    }
  }

  // Ends what is done and fills the slots, until nothing more can be done now. A worker that is
  // down takes all that waits, and loses it.
  void settle(TimePoint now) {
    machine.finish_due();
    while (!line.empty() && has_slot()) {
      if (Attempt attempt = line.next(now)) machine.begin(SimulatedJob(std::move(attempt)));
      machine.finish_due();
    }
  }

  void tell_watch(TimePoint now) {
    WEIR_CHECK(line.empty() || !has_slot(), "a worker idles while a request waits at it");
    for (const auto& ended : machine.ended()) {
      watch.served(ended.timing.finished - ended.timing.started);
    }
    watch.served(machine.take_lost_service());
    watch.set_slots(machine.servers(), now);
    watch.set(machine.held(), line.size(), now);
  }

  ChangingWorker machine;
  SharedLine line;
  WorkerWatch& watch;

 private:
  bool has_slot() const { return machine.is_down() || machine.held() < machine.concurrency(); }
};

Task<> report(SharedWorker& worker, const ChangingWorker::Sources& sources) {
  if (worker.machine.has_news()) {
    auto reported = report_news(worker.machine, sources);
    co_await reported;
  }
  const auto all_unserved = worker.line.take_unserved();
  for (const SharedLine::Ended& unserved : all_unserved) {
    const auto& source = sources[unserved.balancer];
    if (!source.try_report(unserved)) co_await source.report(unserved);
  }
}

}  // namespace

Task<> run_shared_worker(const Plan& plan, const Workers& group, std::uint32_t number,
                         ChangingWorker::Sources sources,
                         Receiver<std::unique_ptr<rpc::Envelope>> inbox,
                         Receiver<WorkerChange> changes, WorkerWatch& watch) {
  if (plan.options.names_tasks) set_task_name(name_of(group, number));
  SharedWorker worker(plan, group, number, sources, watch);
  auto over = done(plan.horizon);
  auto change = receive_from(changes);
  auto left = receive_from(worker.line.leaving());
  auto came = receive_from(inbox);
  while (true) {
    auto due = until(worker.machine.next());
    co_await select_first(over, change, left, came, due);
    if (came.chosen() && !came) break;
    const TimePoint time = now();
    worker.machine.set_time(time);
    worker.settle(time);
    if (over.chosen()) {
      worker.machine.end_faults();
      if (!plan.scenario.shutdown) {
        worker.line.refuse_all(rpc::Failure::Reason::shutting_down, time);
      }
      over.disable();
      change.disable();
    }
    if (change) worker.machine.change(*change);
    if (left) worker.line.leave(*left, time);
    if (came) worker.arrive(*std::move(came), time);
    worker.settle(time);
    worker.tell_watch(time);
    auto reported = report(worker, sources);
    co_await reported;
  }
}

}  // namespace weir::sim
