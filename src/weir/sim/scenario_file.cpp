#include "weir/sim/scenario_file.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/sim/expect_reader.h"
#include "weir/sim/fault_reader.h"
#include "weir/sim/fault_timeline.h"
#include "weir/sim/load_reader.h"
#include "weir/sim/output_reader.h"
#include "weir/sim/queue_reader.h"
#include "weir/sim/request_tables.h"
#include "weir/sim/stop_reader.h"
#include "weir/sim/sweep_reader.h"
#include "weir/sim/toml_cursor.h"
#include "weir/sim/toml_override.h"
#include "weir/sim/workers_reader.h"

namespace weir::sim {
namespace {

// What stands before the extension of the last part of a path.
std::string stem_of(std::string_view file) {
  const std::size_t slash = file.find_last_of('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  return std::string(file.substr(0, file.find('.')));
}

// One method for each table of the format. What a key means stands in scenario.h.
class ScenarioReader {
 public:
  ScenarioReader(std::string_view file, const ReadOptions& options)
      : file_(file), options_(options) {}

  std::expected<Scenario, ScenarioError> read(const TomlNode& root) {
    read_root(root);
    if (error_) return std::unexpected(*error_);
    return std::move(scenario_);
  }

 private:
  void read_root(const TomlNode& root);
  void read_version(TomlCursor& cursor);
  void check_losses(TomlCursor& cursor);
  void check_uploads(TomlCursor& cursor);
  void check_sharing(const TomlNode& root);
  void refuse_block(const TomlNode& table, std::string title, const Queue& queue);
  void read_loads(const TomlNode& list);
  void check_classes(const TomlNode& list);
  void read_groups(const TomlNode& list);
  void read_faults(const TomlNode& list);
  void read_horizon(const TomlNode& table);
  void read_warmup(TomlCursor& cursor);
  void check_horizon(TomlCursor& cursor);
  void read_balancer(const TomlNode& table);

  std::string_view file_;
  const ReadOptions& options_;
  Scenario scenario_;
  std::optional<ScenarioError> error_;
};

// The name of a nameless entry: its kind, and its index if there are several.
std::string default_name(std::string_view kind, const TomlNode& list, std::size_t index) {
  return std::string(kind) + (list.items.size() > 1 ? std::to_string(index) : "");
}

void ScenarioReader::read_root(const TomlNode& root) {
  TomlCursor cursor(root, "", error_);
  read_version(cursor);
  if (const TomlNode* extends = cursor.take("extends")) {
    cursor.report("extends", *extends, "has to stand in the file: it is read before --set");
  }
  scenario_.name = stem_of(file_);
  cursor.read_text("name", scenario_.name);
  cursor.read_word(
      "mode", scenario_.mode,
      {{"virtual", Scenario::Mode::in_virtual_time}, {"real", Scenario::Mode::in_real_time}});
  constexpr std::uint64_t seed_max = std::numeric_limits<std::int64_t>::max();
  cursor.read_count("seed", scenario_.seed, std::uint64_t{0}, seed_max);
  if (const TomlNode* table = cursor.take_table("horizon")) read_horizon(*table);
  if (const TomlNode* table = cursor.take_table("balancer")) read_balancer(*table);
  if (const TomlNode* table = cursor.take_table("sweep")) {
    scenario_.sweep = read_sweep(*table, error_);
  }
  if (const TomlNode* list = cursor.take_list("load")) read_loads(*list);
  if (const TomlNode* list = cursor.take_list("workers")) read_groups(*list);
  const TomlNode* faults = cursor.take_list("fault");
  const std::filesystem::path folder = std::filesystem::path(file_).parent_path();
  if (const TomlNode* table = cursor.take_table("network")) {
    scenario_.network = read_network(*table, folder, error_);
  }
  if (const TomlNode* table = cursor.take_table("shutdown")) {
    scenario_.shutdown = read_shutdown(*table, scenario_.horizon, error_);
  }
  if (const TomlNode* table = cursor.take_table("output")) {
    scenario_.output = read_output(*table, error_);
  }
  const TomlNode* expects = cursor.take_list("expect");
  cursor.require("horizon", "[horizon] and below it time = \"600s\"");
  cursor.require("load", "[[load]] and below it who sends requests");
  cursor.require("workers", "[[workers]] and below it who serves them");
  cursor.finish();
  check_losses(cursor);
  if (error_) return;  // names that others may use are not all known
  if (faults != nullptr) read_faults(*faults);
  check_uploads(cursor);
  if (error_) return;
  if (scenario_.balancer.count > 1) check_sharing(root);
  if (error_) return;
  if (scenario_.horizon.stop) {
    check_stop(*root.find("horizon")->find("stop"), scenario_, error_);
  }
  for (std::size_t i = 0; !error_ && expects != nullptr && i < expects->items.size(); ++i) {
    read_expect(expects->items[i], scenario_, error_);
  }
}

// Nobody hears of what is lost, but a deadline ends the wait.
void ScenarioReader::check_losses(TomlCursor& cursor) {
  if (error_ || !scenario_.network || scenario_.network->loss == 0) return;
  for (const Load& load : scenario_.loads) {
    if (load.timeout || load.retry.attempt_timeout) continue;
    cursor.report("network", *cursor.take("network"),
                  "loses requests, and load " + quoted(std::string_view(load.name)) +
                      " waits for them for ever: give it a timeout");
    return;
  }
}

// Workers that change while they serve do not receive payloads themselves.
void ScenarioReader::check_uploads(TomlCursor& cursor) {
  if (error_) return;
  const auto changes = [](const Workers& group) {
    return group.serve == Workers::Serve::ps || group.uptime;
  };
  const auto strikes_some = [](const Fault& fault) { return fault.kind != Fault::Kind::stale; };
  if (scenario_.balancer.count == 1 && !std::ranges::any_of(scenario_.workers, changes) &&
      !std::ranges::any_of(scenario_.faults, strikes_some)) {
    return;
  }
  for (const Load& load : scenario_.loads) {
    if (!load.upload || load.upload->holds != Upload::Holds::worker) continue;
    cursor.report("load", *cursor.take("load"),
                  quoted(std::string_view(load.name)) +
                      " uploads to workers, which no worker takes that " +
                      (scenario_.balancer.count > 1 ? "has several balancers"
                                                    : "shares its processor or may fail") +
                      "; write holds = \"slot\"");
    return;
  }
}

// Workers of several balancers have their lines themselves.
void ScenarioReader::check_sharing(const TomlNode& root) {
  const Balancer& balancer = scenario_.balancer;
  const TomlNode& table = *root.find("balancer");
  if (table.find("queue") != nullptr) {
    refuse_block(*table.find("queue"), "[balancer] queue", balancer.queue);
  }
  std::uint64_t workers = 0;
  for (std::size_t i = 0; i < scenario_.workers.size(); ++i) {
    const Workers& group = scenario_.workers[i];
    workers += group.places();
    const TomlNode& entry = root.find("workers")->items[i];
    TomlCursor cursor(entry, "[[workers]]", error_);
    if (group.work == Workers::Work::cpu) {
      cursor.report("work", *cursor.take("work"),
                    "= \"cpu\" cannot be shared by several balancers; write \"wait\"");
    }
    if (const TomlNode* queue = entry.find("queue")) {
      refuse_block(*queue, "[[workers]] queue", *group.queue);
    }
  }
  if (balancer.count * workers <= limit::views) return;
  TomlCursor cursor(table, "[balancer]", error_);
  cursor.report("count", *cursor.take("count"),
                "times " + std::to_string(workers) + " workers must be at most " +
                    std::to_string(limit::views));
}

void ScenarioReader::refuse_block(const TomlNode& table, std::string title, const Queue& queue) {
  if (queue.overflow != Queue::Overflow::block || table.find("overflow") == nullptr) return;
  TomlCursor cursor(table, std::move(title), error_);
  cursor.report("overflow", *cursor.take("overflow"),
                "= \"block\" takes one balancer, which knows when there is room; write "
                "\"reject\"");
}

void ScenarioReader::read_loads(const TomlNode& list) {
  LoadReader reader(scenario_.horizon, std::filesystem::path(file_).parent_path(), error_);
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    scenario_.loads.push_back(reader.read(list.items[i], default_name("load", list, i)));
  }
  if (!error_) check_classes(list);
}

// Metrics begin with the name of a load or of a class.
void ScenarioReader::check_classes(const TomlNode& list) {
  std::vector<std::string_view> taken = {"worker", "balancer"};
  for (const Load& load : scenario_.loads) taken.push_back(load.name);
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const std::string& name = scenario_.loads[i].class_name;
    if (name.empty() || std::ranges::find(taken, name) == taken.end()) continue;
    TomlCursor cursor(list.items[i], "[[load]]", error_);
    cursor.report("class", *cursor.take("class"),
                  quoted(std::string_view(name)) +
                      " is taken; a class is not named like a load, nor 'worker' or 'balancer'");
    return;
  }
}

void ScenarioReader::read_groups(const TomlNode& list) {
  WorkersReader reader(scenario_.balancer.queue, std::filesystem::path(file_).parent_path(),
                       error_);
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    scenario_.workers.push_back(reader.read(list.items[i], default_name("worker", list, i)));
  }
}

void ScenarioReader::read_faults(const TomlNode& list) {
  FaultReader reader(scenario_, std::filesystem::path(file_).parent_path(), error_);
  for (const TomlNode& table : list.items) {
    const Fault fault = reader.read(table);
    scenario_.faults.push_back(fault);
    for (Workers& group : scenario_.workers) {
      const bool brings = fault.count && *fault.count > group.count;
      if (brings && strikes(fault, group)) group.most = std::max(group.most, *fault.count);
    }
  }
  std::uint64_t workers = 0;
  for (const Workers& group : scenario_.workers) workers += group.places();
  if (error_ || workers <= limit::workers) return;
  TomlCursor cursor(list.items.back(), "[[fault]]", error_);
  cursor.report_table("all workers together must be at most " + std::to_string(limit::workers));
}

void ScenarioReader::read_version(TomlCursor& cursor) {
  std::uint32_t version = 1;
  cursor.read_count("weir", version, std::uint32_t{1}, std::uint32_t{1});
  cursor.require("weir", "weir = 1, the version of the format");
}

void ScenarioReader::read_horizon(const TomlNode& table) {
  Horizon& horizon = scenario_.horizon;
  if (scenario_.mode == Scenario::Mode::in_real_time) horizon.replications = 1;
  TomlCursor cursor(table, "[horizon]", error_);
  cursor.read_word(
      "kind", horizon.kind,
      {{"steady", Horizon::Kind::steady}, {"terminating", Horizon::Kind::terminating}});
  cursor.read_time("time", horizon.time, limit::time);
  std::uint64_t requests = 0;
  cursor.read_count("requests", requests, std::uint64_t{1}, limit::requests);
  if (requests > 0) horizon.requests = requests;
  read_warmup(cursor);
  cursor.read_count("replications", horizon.replications, std::uint32_t{1}, limit::replications);
  if (table.find("requests") == nullptr) cursor.require("time", "time = \"600s\"");
  if (const TomlNode* stop = cursor.take_table("stop")) horizon.stop = read_stop(*stop, error_);
  cursor.finish();
  check_horizon(cursor);
}

void ScenarioReader::read_warmup(TomlCursor& cursor) {
  Horizon& horizon = scenario_.horizon;
  if (horizon.kind == Horizon::Kind::terminating) horizon.warmup = Horizon::WarmUp::none;
  const TomlNode* node = cursor.take("warmup");
  if (node == nullptr) return;
  if (node->text == "auto") {
    horizon.warmup = Horizon::WarmUp::automatic;
  } else if (node->text == "none") {
    horizon.warmup = Horizon::WarmUp::none;
  } else if (node->text.empty() || node->text[0] < '0' || node->text[0] > '9') {
    cursor.report("warmup", *node,
                  R"(must be "auto", "none" or a time such as "60s", not )" + quoted(*node));
  } else {
    cursor.read_parsed("warmup", horizon.warmup_time, "\"60s\"", parse_duration);
    const bool cuts = horizon.warmup_time > Duration::zero();
    horizon.warmup = cuts ? Horizon::WarmUp::fixed : Horizon::WarmUp::none;
  }
}

void ScenarioReader::check_horizon(TomlCursor& cursor) {
  const Horizon& horizon = scenario_.horizon;
  if (horizon.time && horizon.requests) {
    cursor.report("requests", *cursor.take("requests"), "cannot stand beside 'time'; keep one");
  }
  const bool cuts = horizon.warmup != Horizon::WarmUp::none;
  if (cuts && horizon.kind == Horizon::Kind::terminating) {
    cursor.report("warmup", *cursor.take("warmup"),
                  "has no place in a terminating run, where all counts; remove it");
  }
  if (horizon.time && horizon.warmup_time >= *horizon.time) {
    cursor.report("warmup", *cursor.take("warmup"),
                  "must be shorter than 'time', which includes it");
  }
}

void ScenarioReader::read_balancer(const TomlNode& table) {
  Balancer& balancer = scenario_.balancer;
  TomlCursor cursor(table, "[balancer]", error_);
  cursor.read_count("count", balancer.count, std::uint32_t{1}, limit::balancers);
  cursor.read_text("policy", balancer.policy);
  if (const TomlNode* node = cursor.take("policy"); node != nullptr && options_.check_policy) {
    if (const auto complaint = options_.check_policy(balancer.policy)) {
      cursor.report("policy", *node, ParseError{*complaint, 1});
    }
  }
  if (const TomlNode* queue = cursor.take_table("queue")) {
    read_queue(*queue, "[balancer] queue", balancer.queue, error_);
  }
  std::optional<Duration> stale;
  const TomlNode* age = cursor.take("stale");
  const bool fresh = age != nullptr && parse_duration(age->text) == Duration::zero();
  if (!fresh) cursor.read_time("stale", stale, limit::time);
  balancer.stale = stale.value_or(Duration::zero());
  std::uint32_t slots = 0;
  cursor.read_count("slots", slots, std::uint32_t{1}, limit::slots);
  if (slots > 0) balancer.slots = slots;
  if (const TomlNode* admission = cursor.take_table("admission")) {
    balancer.admission = read_admission(*admission, error_);
  }
  cursor.refuse_yet({"tie", "health", "outlier"});
  cursor.finish();
}

// The tree of a text over those of all that it extends.
std::expected<TomlNode, ScenarioError> merged_tree(const ScenarioText& text,
                                                   const std::vector<ScenarioText>& bases) {
  auto tree = parse_toml(text.toml, text.name);
  if (!tree) return tree;
  for (const ScenarioText& base : bases) {
    auto below = parse_toml(base.toml, base.name);
    if (!below) return below;
    tree = laid_over(*std::move(below), *std::move(tree));
  }
  std::erase_if(tree->members, [](const TomlMember& member) { return member.name == "extends"; });
  return tree;
}

}  // namespace

std::expected<TomlNode, ScenarioError> scenario_tree(std::string_view toml, std::string_view file,
                                                     std::span<const std::string> overrides,
                                                     const ReadOptions& options) {
  const ScenarioText text{.name = std::string(file), .toml = std::string(toml)};
  std::vector<ScenarioText> bases;
  if (options.bases) {
    bases = *options.bases;
  } else {
    auto found = find_bases(text);
    if (!found) return std::unexpected(found.error());
    bases = *std::move(found);
  }
  auto root = merged_tree(text, bases);
  if (!root) return root;
  for (const std::string& assignment : overrides) {
    if (auto applied = apply_override(*root, assignment); !applied) {
      return std::unexpected(applied.error());
    }
  }
  return root;
}

std::expected<Scenario, ScenarioError> read_scenario(std::string_view toml, std::string_view file,
                                                     std::span<const std::string> overrides,
                                                     const ReadOptions& options) {
  const auto root = scenario_tree(toml, file, overrides, options);
  if (!root) return std::unexpected(root.error());
  return ScenarioReader(file, options).read(*root);
}

}  // namespace weir::sim
