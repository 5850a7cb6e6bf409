// weir bench: how fast this machine runs weir, by a look at it and not by hearsay.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/cli/bench_machine.h"
#include "weir/cli/bench_rounds.h"
#include "weir/cli/bench_subjects.h"
#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/interrupt.h"
#include "weir/cli/output_file.h"
#include "weir/cli/progress_line.h"
#include "weir/cli/run.h"
#include "weir/report/bench_report.h"
#include "weir/report/table.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

// A subject or a group of them that is not there.
std::optional<std::string> unknown_subject(const BenchArguments& arguments) {
  std::vector<std::string_view> known;
  for (const BenchSubject& subject : bench_subjects()) {
    if (std::ranges::find(known, subject.group) == known.end()) known.push_back(subject.group);
    known.push_back(subject.name);
  }
  for (const std::string& word : arguments.subjects) {
    if (std::ranges::find(known, word) != known.end()) continue;
    const auto nearest = nearest_word(word, known);
    return "there is no subject '" + word + "'" +
           (nearest ? did_you_mean(word, known) : "; 'weir bench --list' names those there are");
  }
  return std::nullopt;
}

Outcome list() {
  using enum report::Table::Align;
  report::Table table({{"", left}, {"", left}, {"", left}});
  std::string_view group;
  for (const BenchSubject& subject : bench_subjects()) {
    const bool first = group != subject.group;
    group = subject.group;
    table.add({{first ? std::string(group) : ""},
               {std::string(subject.name)},
               {std::string(subject.what)}});
  }
  const auto written = write_standard_output(table.text());
  if (!written) return Error(written.error());
  return exit_code::pass;
}

// On a terminal a line that is drawn over, elsewhere one line at the beginning.
class BenchProgress {
 public:
  BenchProgress(const std::vector<Measurement>& lines, const BenchArguments& arguments, bool quiet)
      : lines_(lines), rounds_(arguments.rounds), quiet_(quiet) {
    if (quiet_ || on_terminal_) return;
    const double seconds = arguments.seconds * static_cast<double>(lines.size());
    std::fprintf(stderr, "weir: measuring %zu line%s, about %s\n", lines.size(),
                 lines.size() == 1 ? "" : "s", about(from_seconds(seconds)).c_str());
  }
  ~BenchProgress() {
    if (!quiet_ && on_terminal_) std::fputs(clear_line, stderr);
  }
  BenchProgress(const BenchProgress&) = delete;
  BenchProgress& operator=(const BenchProgress&) = delete;

  void show(const BenchPlace& place) const {
    if (quiet_ || !on_terminal_) return;
    const report::BenchRow& row = lines_[place.line].row;
    const std::string round = place.round == 0 ? "trying"
                                               : "round " + std::to_string(place.round) + " of " +
                                                     std::to_string(rounds_);
    std::fprintf(stderr, "%sweir: %s, %zu of %zu: %s", clear_line, round.c_str(), place.line + 1,
                 lines_.size(), row.subject.c_str());
    std::fflush(stderr);
  }

 private:
  const std::vector<Measurement>& lines_;
  int rounds_;
  bool quiet_;
  bool on_terminal_ = ::isatty(STDERR_FILENO) == 1;
};

}  // namespace

Outcome bench_command(const Arguments& arguments, const balance::Catalog&) {
  const BenchArguments& bench = arguments.bench;
  if (const auto complaint = unknown_subject(bench)) return Error(*complaint);
  if (arguments.only_list) return list();
  const auto delivery = Delivery::open(arguments);
  if (!delivery) return Error(delivery.error());

  const Interrupt interrupt;
  const report::BenchMachine machine = bench_machine();
  const double round_s = bench.seconds / bench.rounds;
  std::vector<Measurement> lines = measurements_of(bench, round_s);
  BenchEnd end;
  {
    const BenchProgress progress(lines, bench, arguments.quiet);
    end = go_round(lines, bench.rounds, round_s,
                   [&](const BenchPlace& place) { progress.show(place); });
  }
  report::BenchReport result{.machine = machine,
                             .rounds = bench.rounds,
                             .seconds = bench.seconds,
                             .jobs = bench_jobs,
                             .complete = end.complete};
  for (Measurement& line : lines) result.rows.push_back(std::move(line.row));
  if (!end.error.empty()) {
    std::fprintf(stderr, "weir: %s; the figures cannot be trusted\n", end.error.c_str());
  }
  const Report report{.text = report::bench_text(result, wants_colour()),
                      .json = report::bench_json(result),
                      .csv = report::bench_csv(result),
                      .valid = end.error.empty(),
                      .passes = true};
  if (const auto written = delivery->write(report); !written) return Error(written.error());
  return code_of(Interrupt::signal(), report);
}

}  // namespace weir::cli
