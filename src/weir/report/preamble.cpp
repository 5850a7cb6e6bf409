#include "weir/report/preamble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "weir/report/number.h"
#include "weir/report/table.h"
#include "weir/sim/quantity.h"

namespace weir::report {
namespace {

std::string load_text(const sim::Load& load) {
  const std::string source =
      load.model == sim::Load::Model::open
          ? fmt::format("open loop {}: {}", load.name, load.arrival.text())
          : fmt::format("closed loop {}: {} client{}, think {}", load.name,
                        count_text(load.clients), load.clients == 1 ? "" : "s", load.think.text());
  return source + ", service " + load.service.text();
}

std::string workers_text(const sim::Workers& group) {
  std::string text = count_text(group.count) + ' ' + group.name;
  if (group.speed != 1) text += " at speed " + sim::exact_number(group.speed);
  if (group.serve == sim::Workers::Serve::ps) {
    return text + fmt::format(" sharing {} core{}", group.cores, group.cores == 1 ? "" : "s");
  }
  if (group.concurrency != 1) text += fmt::format(" serving {} at once", group.concurrency);
  return text;
}

std::string joined(const auto& items, auto text, std::string_view separator) {
  std::string result;
  for (const auto& item : items) {
    if (!result.empty()) result += separator;
    result += text(item);
  }
  return result;
}

std::string length_text(const sim::RunSummary& summary) {
  std::string text = fmt::format("{} replication{} of {} s", summary.replications,
                                 summary.replications == 1 ? "" : "s",
                                 sim::exact_number(std::round(summary.window_s * 1e3) / 1e3));
  if (summary.warmup_s > 0) {
    text += fmt::format(" after {} s of warm-up",
                        sim::exact_number(std::round(summary.warmup_s * 1e3) / 1e3));
  }
  return text;
}

std::string bounds_text(const sim::Verdict& verdict) {
  const auto spelled_bound = [&](double bound) { return bound_text(bound, verdict.metric.unit); };
  if (!verdict.min && !verdict.max) return {};
  if (!verdict.min) return "at most " + spelled_bound(*verdict.max);
  if (!verdict.max) return "at least " + spelled_bound(*verdict.min);
  return spelled_bound(*verdict.min) + " to " + spelled_bound(*verdict.max);
}

std::string delay_text(const sim::DelaySummary& delay) {
  const std::optional<double> times[] = {delay.p50, delay.p99};
  const TimeUnit unit = unit_of(times);
  return fmt::format("{} late (p99 {}, at most {})", time_text(delay.p50, unit),
                     time_text(delay.p99, unit),
                     time_text(std::optional(delay.most), unit_of(delay.most)));
}

Table::Cell mark(bool pass) {
  return pass ? Table::Cell{"✓", Tone::good} : Table::Cell{"✗", Tone::bad};
}

}  // namespace

std::string setting_text(const sim::Scenario& scenario, const sim::RunSummary& summary) {
  const std::string balancers =
      scenario.balancer.count == 1 ? "" : fmt::format("; {} balancers", scenario.balancer.count);
  return joined(scenario.loads, load_text, "; ") + balancers +
         "; workers: " + joined(scenario.workers, workers_text, ", ") + '\n' + summary.mode +
         " time, " + length_text(summary) + ", seed " + std::to_string(summary.seed);
}

std::string verdict_text(const sim::RunSummary& summary, bool colour) {
  if (!summary.valid())
    return painted("✗ invalid: do not rely on these figures\n", Tone::bad, colour);
  const std::size_t all = summary.verdicts.size();
  if (all == 0) return {};
  const auto missed = std::ranges::count(summary.verdicts, false, &sim::Verdict::pass);
  if (missed > 0) {
    return painted(fmt::format("✗ {} of {} expectations missed\n", missed, all), Tone::bad, colour);
  }
  const std::string text =
      all == 1 ? "✓ the expectation holds\n" : fmt::format("✓ all {} expectations hold\n", all);
  return painted(text, Tone::good, colour);
}

std::string notes_text(const std::vector<sim::Note>& notes, bool colour) {
  std::string text;
  for (const sim::Note& note : notes) {
    text +=
        painted("! " + note.sentence, note.invalidates ? Tone::bad : Tone::strong, colour) + '\n';
  }
  return text;
}

// What the generator, the timers and the processors did.
std::string real_text(const sim::RunSummary& summary) {
  if (!summary.real) return {};
  const sim::RealSummary& real = *summary.real;
  std::string text;
  if (real.offered_per_s) {
    const auto rate = [](const std::optional<double>& per_s) {
      return rate_text(sim::Figure{*per_s});
    };
    text += fmt::format("requests: {} to be sent, {} sent{}\n", rate(real.offered_per_s),
                        rate(real.achieved_per_s),
                        real.behind.most > 0 ? "; " + delay_text(real.behind) : "");
  }
  text += fmt::format("timers fired {}\n", delay_text(real.timer_lag));
  if (real.calibration_error) {
    text += fmt::format(
        "computing: {:.3g} s of work took {:.3g} s of processors ({:+.1f} %) and "
        "{:.3g} s by the clock\n",
        real.work_s, real.work_processor_s, 100 * *real.calibration_error, real.work_clock_s);
  }
  return text;
}

std::string expectations_text(const std::vector<sim::Verdict>& verdicts, bool colour) {
  using enum Table::Align;
  Table table({{"", left}, {"expected", left}, {"", left}, {"found", left}});
  for (const sim::Verdict& verdict : verdicts) {
    table.add({mark(verdict.pass),
               {verdict.metric.text()},
               {bounds_text(verdict)},
               {figure_text(verdict.figure, verdict.metric.unit)}});
  }
  return table.text(colour);
}

}  // namespace weir::report
