#include "weir/cli/replay_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "weir/base/random.h"
#include "weir/cli/output_file.h"
#include "weir/sim/quantity.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/toml_text.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;
using sim::TomlNode;

TomlNode text_node(std::string text) {
  TomlNode node;
  node.kind = TomlNode::Kind::text;
  node.text = std::move(text);
  return node;
}

TomlNode number_node(std::uint64_t number) {
  TomlNode node;
  node.kind = TomlNode::Kind::integer;
  node.integer = static_cast<std::int64_t>(number);
  return node;
}

void set(TomlNode& table, const std::string& key, TomlNode value) {
  if (TomlNode* found = table.find(key)) {
    *found = std::move(value);
  } else {
    table.members.push_back({key, {}, std::move(value)});
  }
}

void remove(TomlNode& table, std::initializer_list<std::string_view> keys) {
  std::erase_if(table.members, [&](const sim::TomlMember& member) {
    return std::ranges::find(keys, member.name) != keys.end();
  });
}

// In seconds, to the nanosecond.
void add_seconds(std::string& text, Duration time) {
  constexpr std::int64_t second = 1'000'000'000;
  fmt::format_to(std::back_inserter(text), "{}.{:09}", time.count() / second,
                 time.count() % second);
}

// Requests in the order of their arrival, as replication 0 has them.
std::string numbers_csv(const sim::Scenario& scenario, const sim::ReplayedLog& log, bool service,
                        bool size) {
  const RandomKey key{scenario.seed, 0};
  const sim::Load& load = scenario.loads.front();
  sim::Arrivals arrivals(load.arrival, Random(key, "arrival", 0));
  Random unused(key, "unused");
  std::string text = std::string("time") + (service ? ",service" : "") + (size ? ",bytes" : "");
  text += '\n';
  for (std::uint64_t request = 0; request < log.requests; ++request) {
    const Duration at = arrivals.next();
    add_seconds(text, at);
    if (service) {
      text += ',';
      add_seconds(text, from_seconds(load.service.sample_for(request, unused)));
    }
    if (size) {
      fmt::format_to(std::back_inserter(text), ",{:.0f}", load.size->sample_for(request, unused));
    }
    text += '\n';
  }
  return text;
}

struct Written {
  std::string toml{};
  std::string csv{};
};

std::expected<Written, std::string> write_texts(const Arguments& arguments,
                                                const ScenarioSource& source,
                                                const sim::Scenario& scenario,
                                                const sim::ReplayedLog& log,
                                                const std::string& csv_name) {
  auto tree =
      sim::scenario_tree(source.toml, source.name, arguments.overrides, {.bases = source.bases});
  if (!tree) return Error(tree.error().text());
  const bool service = log.service && arguments.replay.service.empty();
  set(*tree, "name", text_node(scenario.name));
  set(*tree, "seed", number_node(scenario.seed));
  TomlNode& horizon = *tree->find("horizon");
  remove(horizon, {"time", "requests", "warmup"});
  set(horizon, "kind", text_node("terminating"));
  if (scenario.horizon.time) {
    set(horizon, "time",
        text_node(sim::exact_seconds(static_cast<double>(scenario.horizon.time->count()) / 1e9)));
  } else {
    set(horizon, "requests", number_node(log.requests));
  }
  set(horizon, "replications", number_node(scenario.horizon.replications));
  if (scenario.shutdown && tree->find("shutdown") == nullptr) {
    TomlNode shutdown;
    set(shutdown, "at", text_node("end"));
    set(*tree, "shutdown", std::move(shutdown));
  }
  TomlNode& load = tree->find("load")->items.front();
  remove(load, {"model", "clients", "think"});
  set(load, "arrival", text_node("trace(\"" + csv_name + "\", column=\"time\")"));
  if (service) {
    set(load, "service", text_node("empirical(\"" + csv_name + "\", column=\"service\")"));
  } else {
    set(load, "service", text_node(scenario.loads.front().service.text()));
  }
  if (log.size) set(load, "size", text_node("empirical(\"" + csv_name + "\", column=\"bytes\")"));
  const std::string opening = fmt::format(
      "# {} as weir replay read it: its requests come when they came; their demands are drawn from "
      "its own.\n\n",
      arguments.replay.log == "-" ? "A log" : arguments.replay.log);
  return Written{.toml = opening + sim::toml_text(*tree),
                 .csv = numbers_csv(scenario, log, service, log.size.has_value())};
}

}  // namespace

std::expected<void, std::string> write_replay(const Arguments& arguments,
                                              const ScenarioSource& source,
                                              const sim::Scenario& scenario,
                                              const sim::ReplayedLog& log,
                                              const balance::Catalog& catalog) {
  const std::string& path = arguments.replay.write;
  const std::string csv_path = std::filesystem::path(path).replace_extension(".csv").string();
  const std::string csv_name = std::filesystem::path(csv_path).filename().string();
  if (csv_path == arguments.replay.log) {
    return Error("--write " + path + " would put its numbers over the log: take another name");
  }
  const auto texts = write_texts(arguments, source, scenario, log, csv_name);
  if (!texts) return Error(texts.error());
  for (const auto& [file, text] :
       {std::pair(csv_path, &texts->csv), std::pair(path, &texts->toml)}) {
    const auto output = OutputFile::open(file);
    if (!output) return Error(output.error());
    if (const auto written = output->write(*text); !written) return written;
  }
  Arguments again = arguments;
  again.scenario = path;
  again.overrides.clear();
  const auto read = load_scenario(again, catalog);
  if (!read) return Error("what --write wrote cannot be run from there: " + read.error());
  return {};
}

}  // namespace weir::cli
