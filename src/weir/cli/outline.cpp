#include "weir/cli/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "weir/base/time.h"
#include "weir/cli/destination.h"
#include "weir/sim/fault_reader.h"
#include "weir/sim/offered_load.h"
#include "weir/sim/output_reader.h"
#include "weir/sim/quantity.h"
#include "weir/sim/sweep.h"

namespace weir::cli {
namespace {

std::string line(std::string_view title, const std::string& text) {
  return fmt::format("{:<10}{}\n", title, text);
}

std::string exact(Duration duration) {
  return sim::exact_seconds(static_cast<double>(duration.count()) / 1e9);
}

std::string of_horizon(const sim::Horizon& horizon) {
  using Horizon = sim::Horizon;
  std::string text = horizon.kind == Horizon::Kind::steady ? "steady, " : "terminating, ";
  text += horizon.time ? exact(*horizon.time) : fmt::format("{} requests", *horizon.requests);
  if (horizon.warmup == Horizon::WarmUp::automatic) text += ", warm-up auto";
  if (horizon.warmup == Horizon::WarmUp::fixed) text += ", warm-up " + exact(horizon.warmup_time);
  if (const auto& stop = horizon.stop) {
    text += ", until " + stop->of.text() + " is known to " + sim::exact_percent(stop->relative);
  }
  return text;
}

std::string of_retry(const sim::Retry& retry) {
  std::string on;
  const auto add = [&](bool covers, const char* word) {
    if (covers) on += (on.empty() ? "" : ", ") + std::string(word);
  };
  add(retry.on_timeout, "timeout");
  add(retry.on_error, "error");
  add(retry.on_refused, "refused");
  std::string text = fmt::format("retries {} on {} after {}", retry.max,
                                 on.empty() ? "nothing" : on, retry.backoff.text());
  if (retry.attempt_timeout) text += ", attempt timeout " + exact(*retry.attempt_timeout);
  const auto& budget = retry.budget;
  return text + ", budget " + (budget ? sim::exact_percent(budget->ratio) : "none");
}

std::string of_hedge(const sim::Hedge& hedge) {
  const std::string after =
      hedge.after ? exact(*hedge.after) : "p" + sim::exact_number(100 * hedge.quantile.value_or(0));
  return fmt::format("hedges {} after {}", hedge.max, after);
}

std::string of_upload(const sim::Upload& upload) {
  using Holds = sim::Upload::Holds;
  std::string text = "uploads at " + upload.bandwidth.text() + " in chunks of " +
                     sim::exact_quantity(static_cast<double>(upload.chunk), sim::Quantity::size);
  if (upload.stall_share > 0) {
    text += ", of which " + sim::exact_percent(upload.stall_share) + " stall for " +
            upload.stall.text();
  }
  const bool slot = upload.holds == Holds::slot, worker = upload.holds == Holds::worker;
  return text + ", holding " + (slot ? "a slot" : worker ? "a worker" : "nothing");
}

std::string of_load(const sim::Load& load) {
  std::string text = load.name + ": ";
  if (load.model == sim::Load::Model::open) {
    text += load.arrival.text();
  } else {
    text += fmt::format("{} clients, think {}", load.clients, load.think.text());
  }
  text += ", service " + load.service.text();
  if (load.size) text += ", size " + load.size->text();
  if (load.demand == sim::Load::Demand::request) text += ", the same at each attempt";
  if (load.timeout) text += ", timeout " + exact(*load.timeout);
  if (!load.cancel_on_timeout) text += ", served all the same";
  if (load.retry.max > 0) text += ", " + of_retry(load.retry);
  if (load.hedge) text += ", " + of_hedge(*load.hedge);
  if (load.upload) text += ", " + of_upload(*load.upload);
  if (load.key) text += ", key " + load.key->text();
  if (!load.class_name.empty()) text += ", class " + load.class_name;
  if (load.priority != 0) text += fmt::format(", priority {}", load.priority);
  return text;
}

std::string of_queue(const sim::Queue& queue) {
  const bool fifo = queue.discipline == sim::Queue::Discipline::fifo;
  const std::string limit = queue.limit ? fmt::format("of at most {}", *queue.limit) : "unlimited";
  using Overflow = sim::Queue::Overflow;
  const bool full = queue.limit.has_value();
  const bool drops = full && queue.overflow == Overflow::drop_oldest;
  const bool blocks = full && queue.overflow == Overflow::block;
  return fmt::format("{} queue {}{}", fifo ? "fifo" : "lifo", limit,
                     drops    ? ", drops the oldest"
                     : blocks ? ", blocks"
                              : "");
}

std::string of_balancer(const sim::Balancer& balancer) {
  std::string text = balancer.count > 1 ? fmt::format("{} of ", balancer.count) : "";
  text += balancer.policy + ", " + of_queue(balancer.queue);
  if (balancer.slots) text += fmt::format(", {} slots", *balancer.slots);
  if (const auto& admission = balancer.admission) {
    text += fmt::format(", admits {} each {}, burst {}", admission->limit.tokens,
                        exact(admission->limit.per), admission->limit.burst);
    if (admission->overflow == sim::Admission::Overflow::block) text += ", the others wait";
  }
  if (balancer.stale > Duration::zero()) text += ", sees loads each " + exact(balancer.stale);
  return text;
}

std::string of_workers(const sim::Workers& group) {
  std::string text = fmt::format("{}: {}", group.name, group.count);
  if (group.speed != 1) text += ", speed " + sim::exact_number(group.speed);
  if (group.serve == sim::Workers::Serve::ps) {
    text += fmt::format(", sharing {} core{}", group.cores, group.cores == 1 ? "" : "s");
  } else {
    text += fmt::format(", concurrency {}", group.concurrency);
  }
  if (group.work == sim::Workers::Work::cpu) text += ", computing";
  if (group.weight != 1) text += ", weight " + sim::exact_number(group.weight);
  if (group.queue) text += ", " + of_queue(*group.queue);
  if (group.failure > 0) text += ", failure " + sim::exact_percent(group.failure);
  if (group.uptime) {
    text += ", up for " + group.uptime->text() + ", down for " + group.downtime->text();
  }
  return text;
}

// What the kind of a fault takes besides when and whom.
std::string of_fault_kind(const sim::Fault& fault) {
  using Kind = sim::Fault::Kind;
  std::string text;
  const bool slows = fault.kind == Kind::slow || fault.kind == Kind::cold_start;
  if (slows) text += ", by " + sim::exact_number(fault.factor);
  if (fault.share < 1) text += ", " + sim::exact_percent(fault.share) + " of the requests";
  if (fault.kind == Kind::late_reply) text += ", by " + fault.delay.text();
  if (fault.kind == Kind::black_hole) text += ", takes " + exact(fault.takes);
  if (fault.replies == sim::Fault::Replies::lost) text += ", replies lost";
  if (fault.detect > Duration::zero()) text += ", noticed after " + exact(fault.detect);
  if (fault.kind == Kind::restart) {
    text += ", grace " + exact(fault.grace);
    if (fault.batch > 0) text += fmt::format(", {} at a time", fault.batch);
  }
  if (fault.concurrency) text += fmt::format(", to concurrency {}", *fault.concurrency);
  if (fault.count) text += fmt::format(", to {}", *fault.count);
  if (fault.kind == Kind::stale) text += ", age " + exact(fault.age);
  if (fault.cold) {
    text += ", then cold: " + sim::exact_number(fault.cold->factor) + " times slower for " +
            exact(fault.cold->time);
  }
  return text;
}

std::string of_fault(const sim::Fault& fault) {
  std::string text(sim::kind_word(fault.kind));
  if (fault.kind != sim::Fault::Kind::stale) {
    text += " of " + (fault.group.empty() ? "*" : fault.group);
    if (fault.number) text += fmt::format("[{}]", *fault.number);
  }
  text += of_fault_kind(fault);
  if (fault.fraction < 1) text += ", " + sim::exact_percent(fault.fraction) + " of them";
  if (fault.uptime) {
    return text + ", well for " + fault.uptime->text() + ", not for " + fault.downtime->text();
  }
  text += ", at " + exact(fault.at);
  if (fault.time) text += " for " + exact(*fault.time);
  if (fault.every) text += ", every " + exact(*fault.every);
  return text;
}

std::string of_value(double value, sim::Metric::Unit unit) {
  switch (unit) {
    case sim::Metric::Unit::seconds:
      return sim::exact_seconds(value);
    case sim::Metric::Unit::per_second:
      return sim::exact_rate(value);
    case sim::Metric::Unit::fraction:
      return sim::exact_percent(value);
    case sim::Metric::Unit::number:
      break;
  }
  return sim::exact_number(value);
}

std::string of_expect(const sim::Expect& expect) {
  std::string text = expect.metric.text();
  if (expect.min) text += ", at least " + of_value(*expect.min, expect.metric.unit);
  if (expect.max) text += ", at most " + of_value(*expect.max, expect.metric.unit);
  if (expect.confidence != 0.95) {
    text += ", confidence " + sim::exact_percent(expect.confidence);
  }
  return text;
}

std::string of_hypothesis(const sim::Hypothesis& hypothesis) {
  std::string text = hypothesis.text + " in " + hypothesis.metric.text();
  if (!hypothesis.where_text.empty()) text += " where " + hypothesis.where_text;
  return text;
}

std::string of_output(const sim::Scenario& scenario) {
  const sim::Output& output = *scenario.output;
  std::string files;
  const auto add = [&](const std::string& file) { files += (files.empty() ? "" : ", ") + file; };
  if (output.json) add(*output.json);
  if (output.csv) add(*output.csv);
  if (output.log_share) {
    add(std::string(sim::output_file::log) + " (" + sim::exact_percent(*output.log_share) +
        " of the requests)");
  }
  return output_folder(scenario, {}) + ": " + (files.empty() ? "nothing" : files);
}

// The asymptotes: clients who never wait, or workers who always work.
double closed_requests(const sim::Load& load, double able, double seconds) {
  const double work = sim::mean_work(load), cycle = load.think.mean() + work;
  if (cycle <= 0) return 0;
  const double rate = load.clients / cycle;
  return seconds * (work > 0 ? std::min(rate, able / work) : rate);
}

}  // namespace

std::string outline(const sim::Scenario& scenario) {
  std::string text = line("horizon", of_horizon(scenario.horizon));
  for (const sim::Load& load : scenario.loads) text += line("load", of_load(load));
  text += line("balancer", of_balancer(scenario.balancer));
  for (const sim::Workers& group : scenario.workers) text += line("workers", of_workers(group));
  if (const auto& network = scenario.network) {
    text += line("network", "latency " + network->latency.text() + ", loss " +
                                sim::exact_percent(network->loss));
  }
  for (const sim::Fault& fault : scenario.faults) text += line("fault", of_fault(fault));
  if (const auto& shutdown = scenario.shutdown) {
    const std::string at = shutdown->at ? exact(*shutdown->at) : "the end";
    text += line("shutdown", "at " + at + ", drain " + exact(shutdown->drain));
  }
  for (const sim::Expect& expect : scenario.expects) text += line("expect", of_expect(expect));
  for (const sim::Hypothesis& hypothesis : scenario.hypotheses) {
    text += line("expect", of_hypothesis(hypothesis));
  }
  if (scenario.output) text += line("output", of_output(scenario));
  return text;
}

double expected_requests(const sim::Scenario& scenario) {
  const sim::Horizon& horizon = scenario.horizon;
  if (horizon.requests) return static_cast<double>(*horizon.requests);
  double requests = 0;
  for (const sim::Load& load : scenario.loads) {
    requests += load.model == sim::Load::Model::open
                    ? load.arrival.expected_count(*horizon.time)
                    : closed_requests(load, sim::capacity(scenario), to_seconds(*horizon.time));
  }
  return requests;
}

std::string workload(const sim::Scenario& scenario, std::optional<double> seconds, int jobs) {
  const std::uint32_t least = scenario.horizon.replications;
  const std::uint32_t most = scenario.horizon.most_replications();
  double runs = most;
  std::string text = most > least ? fmt::format("{} to {} replications", least, most)
                                  : fmt::format("{} replication{}", most, most == 1 ? "" : "s");
  if (scenario.sweep) {
    const std::size_t points = sim::sweep_points(*scenario.sweep).size();
    runs *= static_cast<double>(points);
    text += fmt::format(" at each of {} points of the sweep", points);
  }
  const double requests = runs * expected_requests(scenario);
  if (requests > 0) text += fmt::format(", about {:.2g} requests in all", requests);
  text = line("runs", text);
  if (!seconds) return text;
  const double side_by_side = std::min<double>(jobs, runs);
  const double time = std::stod(fmt::format("{:.1e}", *seconds * runs / side_by_side));
  if (!(time < to_seconds(Duration::max()) / 2)) return text;
  return text + line("time", fmt::format("about {}, {} side by side",
                                         sim::format_duration(from_seconds(time)), side_by_side));
}

}  // namespace weir::cli
