// weir sweep and weir merge: points that are run, or read back, and what they come to together.

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/journal.h"
#include "weir/cli/measure.h"
#include "weir/cli/output_file.h"
#include "weir/cli/run.h"
#include "weir/cli/sweep_plan.h"
#include "weir/report/sweep_json.h"
#include "weir/report/sweep_text.h"
#include "weir/sim/summary.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

// The points there are, as they are told and as a file holds them.
struct Points {
  std::vector<sim::PointResult> results{};
  std::vector<std::string> texts{};

  bool has(std::size_t number) const {
    return std::ranges::find(results, number, &sim::PointResult::number) != results.end();
  }
};

Report report_on(const sim::SweepHeader& header, const Points& points) {
  const sim::SweepResult result = sim::evaluate_sweep(header, points.results);
  return {.text = report::sweep_text(result, {.colour = wants_colour()}),
          .json = report::sweep_json(result, points.texts),
          .csv = report::sweep_csv(result),
          .valid = result.valid(),
          .passes = result.passes()};
}

// Those of the plan that have no result yet.
SweepPlan remaining(const SweepPlan& plan, const Points& done) {
  SweepPlan rest{.header = plan.header};
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    if (done.has(plan.points[i].number)) continue;
    rest.points.push_back(plan.points[i]);
    rest.experiments.push_back(plan.experiments[i]);
  }
  return rest;
}

// Takes in points as they become complete: to the journal first, if there is one.
class PointKeeper {
 public:
  PointKeeper(const SweepPlan& plan, Points& points, std::optional<Journal>& journal)
      : plan_(plan), points_(points), journal_(journal) {}

  // False if the journal cannot be written any more.
  bool keep(const sim::FinishedPoint& finished) {
    const sim::Scenario& scenario = plan_.experiments[finished.point].scenario;
    const sim::RunSummary summary = sim::summarise(finished.record, scenario);
    sim::PointResult result =
        sim::point_result(plan_.header, plan_.points[finished.point], finished.record, summary);
    std::string text = report::point_json(plan_.header, result, summary);
    if (journal_) {
      if (const auto written = journal_->append(text); !written) {
        trouble_ = written.error();
        return false;
      }
    }
    points_.results.push_back(std::move(result));
    points_.texts.push_back(std::move(text));
    return true;
  }

  const std::string& trouble() const { return trouble_; }

 private:
  const SweepPlan& plan_;
  Points& points_;
  std::optional<Journal>& journal_;
  std::string trouble_;
};

void tell_how_to_go_on(const SweepPlan& plan, const Points& points,
                       const std::optional<Journal>& journal) {
  std::fprintf(stderr, "weir: interrupted after %zu of %zu points; ", points.results.size(),
               plan.points.size());
  if (journal) {
    std::fprintf(stderr, "they are in '%s': repeat the command with --resume to go on\n",
                 journal->path().c_str());
  } else {
    std::fprintf(stderr, "with --out DIR a sweep can be gone on with\n");
  }
}

// The results beside the journal.
std::expected<void, std::string> write_folder(const std::string& folder, const Report& report) {
  if (folder.empty()) return {};
  for (const auto& [name, text] :
       {std::pair("sweep.json", &report.json), std::pair("sweep.csv", &report.csv)}) {
    const auto file = OutputFile::open(folder + '/' + name);
    if (!file) return Error(file.error());
    if (const auto written = file->write(*text); !written) return Error(written.error());
  }
  return {};
}

Outcome finish(const SweepPlan& plan, const Points& points, const Arguments& arguments,
               const Delivery& delivery, int signal) {
  const Report report = report_on(plan.header, points);
  if (const auto written = delivery.write(report); !written) return Error(written.error());
  if (points.results.size() == plan.points.size()) {
    if (const auto written = write_folder(arguments.out, report); !written) {
      return Error(written.error());
    }
  }
  return code_of(signal, report);
}

std::expected<std::optional<Journal>, std::string> open_journal(const Arguments& arguments,
                                                                const sim::SweepHeader& header) {
  if (arguments.out.empty()) return std::optional<Journal>();
  auto journal = Journal::open(arguments.out, header, arguments.sweep.resume);
  if (!journal) return Error(journal.error());
  return std::optional<Journal>(*std::move(journal));
}

// What the shards hold must be parts of one sweep, and all of it.
std::expected<void, std::string> add_shard(const std::string& file, report::StoredSweep stored,
                                           sim::SweepHeader& header, Points& points) {
  if (!points.results.empty() && stored.header.identity != header.identity) {
    return Error("'" + file + "' is of another sweep than the files before it");
  }
  if (points.results.empty()) {
    header = stored.header;
    header.shard = {};
  }
  // Points stand in a journal in the order in which they ended, which is no matter here.
  std::optional<std::size_t> twice;
  for (const auto& point : stored.points) {
    if (points.has(point.number)) twice = std::min(twice.value_or(point.number), point.number);
  }
  if (twice) {
    return Error("'" + file + "' holds point " + std::to_string(*twice) +
                 ", which another file holds too");
  }
  for (std::size_t i = 0; i < stored.points.size(); ++i) {
    points.results.push_back(std::move(stored.points[i]));
    points.texts.push_back(std::move(stored.texts[i]));
  }
  return {};
}

}  // namespace

Outcome sweep_command(const Arguments& arguments, const balance::Catalog& catalog) {
  const auto plan = plan_sweep(arguments, catalog);
  if (!plan) return Error(plan.error());
  if (arguments.sweep.dry_run) {
    const auto written = write_standard_output(dry_run_text(*plan));
    return written ? Outcome(exit_code::pass) : Error(written.error());
  }
  const auto destination = find_destination(arguments, plan->scenario);
  if (!destination) return Error(destination.error());
  const auto delivery = Delivery::open(destination->arguments);
  if (!delivery) return Error(delivery.error());
  auto journal = open_journal(arguments, plan->header);
  if (!journal) return Error(journal.error());
  Points points;
  if (*journal) {
    points.results = (*journal)->stored().points;
    points.texts = (*journal)->stored().texts;
  }
  const SweepPlan rest = remaining(*plan, points);
  PointKeeper keeper(rest, points, *journal);
  const MeasureOptions options{.jobs = arguments.jobs,
                               .shown = arguments.quiet ? Shown::nothing : Shown::progress,
                               .points_before = points.results.size()};
  const int signal =
      measure_points(rest.experiments, options,
                     [&](const sim::FinishedPoint& point) { return keeper.keep(point); });
  if (!keeper.trouble().empty()) return Error(keeper.trouble());
  if (signal != 0) tell_how_to_go_on(*plan, points, *journal);
  const Outcome outcome = finish(*plan, points, arguments, *delivery, signal);
  if (outcome) tell_files(*destination);
  return outcome;
}

Outcome merge_command(const Arguments& arguments, const balance::Catalog&) {
  const auto delivery = Delivery::open(arguments);
  if (!delivery) return Error(delivery.error());
  sim::SweepHeader header;
  Points points;
  for (const std::string& file : arguments.files) {
    auto stored = read_sweep_file(file);
    if (!stored) return Error(stored.error());
    if (const auto added = add_shard(file, *std::move(stored), header, points); !added) {
      return Error(added.error());
    }
  }
  if (points.results.empty()) return Error("there is no complete point in these files");
  const std::size_t all = header.points();
  if (points.results.size() < all) {
    std::fprintf(stderr, "weir: %zu of %zu points are here; the others are missing\n",
                 points.results.size(), all);
  }
  const Report report = report_on(header, points);
  if (const auto written = delivery->write(report); !written) return Error(written.error());
  return code_of(0, report);
}

}  // namespace weir::cli
