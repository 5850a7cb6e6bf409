#include "weir/cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "weir/cli/policy_list.h"
#include "weir/cli/replay_arguments.h"
#include "weir/cli/run.h"
#include "weir/cli/words.h"
#include "weir/sim/quantity.h"
#include "weir/sim/request_log.h"
#include "weir/sim/scenario_file.h"

namespace weir::cli {
namespace {

constexpr int jobs_max = 1024;
constexpr int processors_max = 1024;
constexpr std::uint32_t workers_max = 10'000;
constexpr int rounds_max = 1000;
constexpr double seconds_max = 3600;

// Turns the words of one command into arguments, and keeps the first mistake.
class Reader {
 public:
  explicit Reader(const Words& words) : words_(words) {}

  std::expected<Arguments, Reply> read();

 private:
  void read_scenario(Arguments& arguments);
  void read_numbers(Arguments& arguments);
  void read_policies(Arguments& arguments);
  void read_modes(Arguments& arguments);
  void read_log(Arguments& arguments);
  void read_sweep(Arguments& arguments);
  void read_shard(SweepArguments& sweep);
  void read_plan(Arguments& arguments);
  void read_bench(Arguments& arguments);

  // Whole numbers with commas between them, in ascending order, each once.
  template <class Whole>
  void read_list(std::string_view option, const std::optional<std::string>& text, Whole most,
                 std::vector<Whole>& target);
  void read_replay(Arguments& arguments);

  // A whole number from `least` to `most` in decimal digits and nothing else, if it was given.
  template <class Whole>
  std::optional<Whole> whole(std::string_view option, const std::optional<std::string>& text,
                             Whole least, Whole most);

  void complain(std::string text) {
    if (mistake_.empty()) mistake_ = std::move(text);
  }

  const Words& words_;
  std::string mistake_;
};

std::expected<Arguments, Reply> Reader::read() {
  Arguments arguments;
  arguments.command = words_.command;
  if (arguments.command == Arguments::Command::list) return arguments;
  if (arguments.command == Arguments::Command::merge) {
    arguments.files = words_.files;
    if (arguments.files.empty()) {
      complain(
          "weir merge takes the folders or files of shards, as weir sweep --shard leaves them");
    }
  } else if (arguments.command != Arguments::Command::validate &&
             arguments.command != Arguments::Command::bench) {
    read_scenario(arguments);
  }
  read_numbers(arguments);
  read_policies(arguments);
  read_sweep(arguments);
  read_plan(arguments);
  read_bench(arguments);
  read_replay(arguments);
  if (words_.json == "") complain("--json takes a file, or - for standard output");
  if (words_.csv == "") complain("--csv takes a file, or - for standard output");
  if (words_.json && words_.json == words_.csv) {
    complain("--json and --csv cannot both go to '" + *words_.json + "'");
  }
  if (words_.trace == "" || words_.trace == "-") complain("--trace takes a file");
  if (words_.trace && words_.trace == words_.json) {
    complain("--json and --trace take files of their own, not both '" + *words_.json + "'");
  }
  read_log(arguments);
  if (words_.family == "") complain("--family takes a name that weir validate --list shows");
  arguments.family = words_.family.value_or("");
  arguments.only_list = words_.only_list;
  arguments.real = words_.real;
  arguments.virtual_time = words_.virtual_time;
  arguments.quiet = words_.quiet;
  arguments.monitor = words_.monitor;
  arguments.json = words_.json.value_or("");
  arguments.csv = words_.csv.value_or("");
  arguments.trace = words_.trace.value_or("");
  if (words_.real && words_.jobs) complain("--jobs means nothing with --real: one at a time");
  if (words_.real && words_.virtual_time) complain("--real and --virtual contradict each other");
  if (words_.quiet && words_.monitor) complain("--quiet and --monitor contradict each other");
  if (!mistake_.empty()) {
    return std::unexpected(Reply{.code = exit_code::bad_input, .text = mistake_});
  }
  return arguments;
}

void Reader::read_scenario(Arguments& arguments) {
  arguments.scenario = words_.scenario.value_or("");
  if (arguments.scenario.empty() && arguments.command != Arguments::Command::replay) {
    complain("weir " + words_.command_name +
             " takes a scenario: a file, or a name that weir list shows");
  }
  for (const std::string& assignment : words_.overrides) {
    if (assignment.find('=') == std::string::npos) {
      complain("--set takes KEY=VALUE, not '" + assignment + "'");
    }
  }
  arguments.overrides = words_.overrides;
}

void Reader::read_numbers(Arguments& arguments) {
  constexpr std::uint64_t seed_max = std::numeric_limits<std::uint64_t>::max();
  arguments.seed = whole("--seed", words_.seed, std::uint64_t{0}, seed_max);
  arguments.replications =
      whole("--replications", words_.replications, std::uint32_t{1}, sim::limit::replications);
  arguments.jobs = whole("--jobs", words_.jobs, 1, jobs_max).value_or(0);
}

void Reader::read_policies(Arguments& arguments) {
  if (words_.policy) arguments.policies = {*words_.policy};
  const bool compares = arguments.command == Arguments::Command::compare;
  if (!compares && !words_.policies) return;
  if (words_.modes) return read_modes(arguments);
  if (!words_.policies) return complain("weir compare takes --policies, such as p2c,least_loaded");
  arguments.policies = split_policies(*words_.policies);
  for (auto policy = arguments.policies.begin(); policy != arguments.policies.end(); ++policy) {
    if (policy->empty())
      return complain("--policies has an empty place: '" + *words_.policies + "'");
    if (std::find(arguments.policies.begin(), policy, *policy) != policy) {
      return complain("--policies names '" + *policy + "' twice");
    }
  }
  if (compares && arguments.policies.size() < 2) {
    complain("--policies takes two policies or more; '" + *words_.policies + "' is one");
  }
}

void Reader::read_modes(Arguments& arguments) {
  if (words_.policies) {
    return complain("--modes compares one policy with itself: leave --policies out");
  }
  if (words_.real || words_.virtual_time) {
    return complain("--modes says both: leave --real and --virtual out");
  }
  arguments.modes = split_policies(*words_.modes);
  const std::array<std::string_view, 2> both = {"virtual", "real"};
  if (std::ranges::is_permutation(arguments.modes, both)) return;
  complain("--modes takes virtual,real or real,virtual, not '" + *words_.modes + "'");
}

void Reader::read_log(Arguments& arguments) {
  arguments.log = words_.log.value_or("");
  if (words_.log && !sim::format_of(*words_.log)) {
    complain("--log takes a file that ends in .csv or .jsonl, not '" + *words_.log + "'");
  }
  if (!words_.log_sample) return;
  if (!words_.log) complain("--log-sample says how much of --log FILE to write: add that");
  const auto share = sim::parse_percent(*words_.log_sample);
  if (!share || *share <= 0) {
    complain("--log-sample takes a share such as 1%, not '" + *words_.log_sample + "'");
  } else {
    arguments.log_share = *share;
  }
}

void Reader::read_sweep(Arguments& arguments) {
  if (arguments.command != Arguments::Command::sweep) return;
  SweepArguments& sweep = arguments.sweep;
  sweep.axes = words_.axes;
  sweep.baselines = words_.baselines;
  for (const std::string& list : words_.metrics) {
    for (std::string& metric : split_policies(list)) sweep.metrics.push_back(std::move(metric));
  }
  sweep.zip = words_.zip;
  sweep.resume = words_.resume;
  sweep.dry_run = words_.dry_run;
  if (words_.out == "") complain("--out takes a folder");
  arguments.out = words_.out.value_or("");
  if (sweep.resume && !words_.out) complain("--resume takes --out, the folder of the journal");
  if (words_.shard) read_shard(sweep);
}

void Reader::read_plan(Arguments& arguments) {
  if (arguments.command != Arguments::Command::plan) return;
  PlanArguments& plan = arguments.plan;
  plan.slo = words_.slo.value_or("");
  if (plan.slo.empty()) complain("weir plan takes --slo, such as --slo 'p99<200ms'");
  plan.load = words_.load.value_or("");
  plan.vary = words_.vary.value_or("");
  plan.rate = words_.rate;
  if (plan.rate && words_.vary) complain("--rate and --vary: one thing is varied at a time");
  plan.down = whole("--down", words_.down, std::uint32_t{1}, sim::limit::workers).value_or(0);
}

void Reader::read_bench(Arguments& arguments) {
  if (arguments.command != Arguments::Command::bench) return;
  BenchArguments& bench = arguments.bench;
  bench.subjects = words_.subjects;
  read_list("--processors", words_.processors, processors_max, bench.processors);
  read_list("--workers", words_.workers, workers_max, bench.workers);
  bench.rounds = whole("--rounds", words_.rounds, 1, rounds_max).value_or(bench.rounds);
  if (!words_.seconds) return;
  const auto seconds = sim::parse_number(*words_.seconds);
  if (!seconds || !(*seconds > 0) || *seconds > seconds_max) {
    return complain("--seconds takes a number above 0, at most 3600, not '" + *words_.seconds +
                    "'");
  }
  bench.seconds = *seconds;
}

template <class Whole>
void Reader::read_list(std::string_view option, const std::optional<std::string>& text, Whole most,
                       std::vector<Whole>& target) {
  if (!text) return;
  target.clear();
  for (const std::string& number : split_policies(*text)) {
    if (const auto value = whole<Whole>(option, number, 1, most)) target.push_back(*value);
  }
  std::ranges::sort(target);
  const auto again = std::ranges::unique(target);
  target.erase(again.begin(), again.end());
}

void Reader::read_replay(Arguments& arguments) {
  if (arguments.command != Arguments::Command::replay) return;
  auto replay = replay_arguments(words_);
  if (!replay) return complain(replay.error());
  arguments.replay = *std::move(replay);
  arguments.replay.workers =
      whole("--workers", words_.workers, std::uint32_t{1}, sim::limit::workers).value_or(0);
  arguments.replay.how.replication =
      whole("--replication", words_.replication, std::uint32_t{0}, sim::limit::replications - 1);
  for (const auto& [option, word] :
       {std::pair("--log", &words_.log), std::pair("--trace", &words_.trace)}) {
    if (!*word || arguments.policies.size() < 2) continue;
    complain(std::string(option) + " is of one policy, and --policies names " +
             std::to_string(arguments.policies.size()) + ": replay under one at a time");
  }
  if (words_.workers && words_.scenario) {
    complain("--workers is for a replay without a scenario: --set workers.NAME.count=" +
             *words_.workers);
  }
}

void Reader::read_shard(SweepArguments& sweep) {
  const std::string& text = *words_.shard;
  const std::size_t slash = text.find('/');
  const auto number = [](std::string_view digits) {
    std::size_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    return error == std::errc() && stopped == end ? value : 0;
  };
  const std::size_t index = number(std::string_view(text).substr(0, slash));
  const std::size_t of = slash < text.size() ? number(std::string_view(text).substr(slash + 1)) : 0;
  if (index < 1 || index > of || of > sim::limit::points) {
    return complain("--shard takes I/N such as 1/4, I from 1 to N, not '" + text + "'");
  }
  sweep.shard = index - 1;
  sweep.shards = of;
}

template <class Whole>
std::optional<Whole> Reader::whole(std::string_view option, const std::optional<std::string>& text,
                                   Whole least, Whole most) {
  if (!text) return std::nullopt;
  Whole value = 0;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc() && stopped == end && value >= least && value <= most) return value;
  complain(std::string(option) + " takes a whole number from " + std::to_string(least) + " to " +
           std::to_string(most) + ", not '" + *text + "'");
  return std::nullopt;
}

}  // namespace

std::expected<Arguments, Reply> parse_arguments(int argc, const char* const* argv) {
  const auto words = sort_words(argc, argv);
  if (!words) return std::unexpected(words.error());
  return Reader(*words).read();
}

}  // namespace weir::cli
