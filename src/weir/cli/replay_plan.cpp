#include "weir/cli/replay_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "weir/cli/log_input.h"
#include "weir/cli/prepare.h"
#include "weir/cli/replay_file.h"
#include "weir/sim/offered_load.h"
#include "weir/sim/quantity.h"
#include "weir/sim/replay.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

// What the log and the options bring; the scenario is laid around it.
struct Material {
  sim::LearnedLog learned{};
  sim::ReplayedLog log{};
  Duration span{};                             // of the replay
  std::optional<sim::Distribution> service{};  // of --service
  double rate_per_s = 0;                       // of the replay
};

std::string base_name(const std::string& path) {
  return path == "-" ? "stdin" : std::filesystem::path(path).filename().string();
}

std::expected<Material, std::string> read_material(const Arguments& arguments) {
  const ReplayArguments& replay = arguments.replay;
  Material material;
  if (!replay.service.empty()) {
    auto service = sim::Distribution::parse(replay.service, sim::Quantity::duration);
    if (!service) return Error("--service " + replay.service + ": " + service.error().message);
    material.service = *std::move(service);
  }
  auto log = read_log(replay.log, replay.how, arguments.quiet);
  if (!log) return Error(log.error());
  const bool relative = replay.from || (replay.length && !replay.how.from);
  if (relative) {
    const Duration from = replay.from.value_or(Duration::zero());
    if (auto cut = sim::cut_window(*log, from, replay.length); !cut) {
      return Error(log_name(replay.log) + ": " + cut.error());
    }
  }
  material.learned = sim::learn(*log, log_name(replay.log));
  const double length = static_cast<double>(log->requests.back().at - log->origin) / 1e9;
  material.span = from_seconds((length + log->resolution_s()) / replay.scale);
  material.rate_per_s = material.learned.rate_per_s * replay.scale;
  material.log = sim::make_replay(*std::move(log), replay.scale, base_name(replay.log));
  return material;
}

// Who serves, if no scenario says it.
std::expected<ScenarioSource, std::string> source_of(const Arguments& arguments,
                                                     const Material& material,
                                                     std::vector<std::string>& remarks) {
  if (!arguments.scenario.empty()) return find_source(arguments.scenario);
  const sim::Load load{.service = *(material.service ? material.service : material.log.service),
                       .size = material.log.size};
  const double work = material.rate_per_s * sim::mean_work(load);
  std::uint32_t workers = arguments.replay.workers;
  if (workers == 0) {
    workers = sim::enough_workers(work);
    remarks.push_back(
        fmt::format("{} worker{}, of which {:.3g} would be busy on average; --workers N or a "
                    "scenario says otherwise",
                    workers, workers == 1 ? "" : "s", work));
  }
  return ScenarioSource{
      .name = base_name(arguments.replay.log) + ".toml",
      .toml = fmt::format("weir = 1\n[horizon]\nkind = \"terminating\"\nrequests = {}\n[[load]]\n"
                          "name = \"log\"\narrival = \"const(1/s)\"\nservice = \"const(1s)\"\n"
                          "[[workers]]\nname = \"worker\"\ncount = {}\n",
                          material.log.requests, workers)};
}

std::vector<std::string> keys_of_log(const sim::Scenario& scenario, const Material& material) {
  const std::string load = "load." + scenario.loads.front().name + '.';
  std::vector<std::string> keys = {load + "arrival", load + "clients", load + "model",
                                   load + "think"};
  if (material.service || material.log.service) keys.push_back(load + "service");
  if (material.log.size) keys.push_back(load + "size");
  return keys;
}

// Refuses to set what the log has the last word about.
std::expected<void, std::string> check_overrides(const Arguments& arguments,
                                                 const std::vector<std::string>& keys,
                                                 const std::string& advice) {
  for (const std::string& assignment : arguments.overrides) {
    const std::string key = assignment.substr(0, assignment.find_first_of(" ="));
    if (std::ranges::find(keys, key) == keys.end()) continue;
    return Error("--set " + key + ": that is for the log to say" + advice);
  }
  return {};
}

// What the replay cannot do without.
std::expected<void, std::string> check_service(const Arguments& arguments,
                                               const Material& material) {
  const bool known = material.service || material.log.service || !arguments.scenario.empty();
  if (!known) {
    return Error(log_name(arguments.replay.log) +
                 " has no durations that are known: name them with --duration, or say how long "
                 "requests take: --service 'const(2ms) + 4ns/B'");
  }
  return {};
}

std::expected<sim::Scenario, std::string> complete(sim::Scenario scenario,
                                                   const Arguments& arguments,
                                                   const Material& material,
                                                   std::vector<std::string>& remarks) {
  const auto allowed = check_overrides(arguments, keys_of_log(scenario, material), "");
  if (!allowed) return Error(allowed.error());
  sim::put_in(scenario, material.log, material.span);
  sim::Load& load = scenario.loads.front();
  if (material.service) load.service = *material.service;
  if (!material.service && !material.log.service) {
    remarks.push_back("the log has no durations: service " + load.service.text() +
                      " is the scenario's");
  }
  if (load.service.per_byte() > 0 && !load.size) {
    return Error("the service " + load.service.text() + " depends on the size, and " +
                 log_name(arguments.replay.log) + " has no bytes; name them with --bytes");
  }
  if (scenario.loads.size() > 1) {
    remarks.push_back("the log replaces load " + load.name + "; the others go on beside it");
  }
  const bool named = std::ranges::any_of(
      arguments.overrides, [](const std::string& text) { return text.starts_with("name="); });
  if (arguments.scenario.empty() && !named) scenario.name = base_name(arguments.replay.log);
  return scenario;
}

}  // namespace

std::expected<ReplayPlan, std::string> plan_replay(const Arguments& arguments,
                                                   const balance::Catalog& catalog) {
  auto material = read_material(arguments);
  if (!material) return Error(material.error());
  if (auto checked = check_service(arguments, *material); !checked) return Error(checked.error());
  ReplayPlan plan;
  auto& remarks = plan.report.remarks;
  const auto source = source_of(arguments, *material, remarks);
  if (!source) return Error(source.error());
  const std::vector<std::string> of_log = {"horizon.time", "horizon.requests", "horizon.kind",
                                           "horizon.warmup"};
  const auto allowed = check_overrides(arguments, of_log, "; --from and --for cut it");
  if (!allowed) return Error(allowed.error());
  auto read = read_source(*source, arguments, catalog);
  if (!read) return Error(read.error());
  auto scenario = complete(*std::move(read), arguments, *material, remarks);
  if (!scenario) return Error(scenario.error());
  if (!arguments.replay.write.empty()) {
    const auto written = write_replay(arguments, *source, *scenario, material->log, catalog);
    if (!written) return Error(written.error());
    remarks.push_back("written to " + arguments.replay.write +
                      ", with its numbers in a CSV beside it");
  }
  if (auto fits = fit_to_real_time(arguments, *scenario); !fits) return Error(fits.error());
  auto experiments = make_experiments(*scenario, arguments.policies, catalog);
  if (!experiments) return Error(experiments.error());
  plan.experiments = *std::move(experiments);
  plan.span = material->span;
  plan.report.log = std::move(material->learned);
  plan.report.scale = arguments.replay.scale;
  plan.report.filled = material->service ? 0 : material->log.filled;
  plan.report.work_per_s = material->rate_per_s * sim::mean_work(scenario->loads.front());
  return plan;
}

}  // namespace weir::cli
