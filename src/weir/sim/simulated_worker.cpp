#include "weir/sim/simulated_worker.h"

#include "weir/runtime/task_dump.h"
#include "weir/sim/changing_worker.h"
#include "weir/sync/select.h"

namespace weir::sim {

Task<> run_simulated_worker(const Plan& plan, const Workers& group, std::uint32_t number,
                            rpc::JobSource<Query, Served> jobs, Receiver<WorkerChange> changes) {
  if (plan.options.names_tasks) set_task_name(name_of(group, number));
  const ChangingWorker::Sources sources(1, jobs);
  ChangingWorker worker(plan, group, number, sources);
  auto over = done(plan.horizon);
  auto change = receive_from(changes);
  auto job = jobs.next();
  while (true) {
    auto due = until(worker.next());
    co_await select_first(over, change, job, due);
    if (job.chosen() && !job) break;
    worker.set_time(now());
    worker.finish_due();
    if (over.chosen()) {
      worker.end_faults();
      over.disable();
      change.disable();
    }
    if (change) worker.change(*change);
    if (job) worker.begin(jobs.take(job));
    worker.finish_due();
    if (worker.has_news()) {
      auto reported = report_news(worker, sources);
      co_await reported;
    }
  }
}

}  // namespace weir::sim
