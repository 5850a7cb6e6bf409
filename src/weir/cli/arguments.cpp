#include "weir/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "weir/base/suggestion.h"
#include "weir/cli/help.h"
#include "weir/cli/policy_list.h"
#include "weir/cli/run.h"
#include "weir/sim/scenario_file.h"

namespace weir::cli {
namespace {

constexpr int jobs_max = 1024;

// What the options were given, as text: the numbers are read here and not by the library, which
// knows neither their bounds nor our words.
struct Texts {
  std::optional<std::string> scenario;
  std::vector<std::string> overrides;
  std::optional<std::string> seed;
  std::optional<std::string> replications;
  std::optional<std::string> jobs;
  std::optional<std::string> policy;
  std::optional<std::string> policies;
  std::optional<std::string> json;
};

std::unexpected<Reply> mistake(std::string text) {
  return std::unexpected(Reply{.code = exit_code::bad_input, .text = std::move(text)});
}

// Turns the texts of one command into arguments, and keeps the first mistake.
class Reader {
 public:
  explicit Reader(const Texts& texts) : texts_(texts) {}

  std::expected<Arguments, Reply> read(Arguments arguments, const std::string& command);

 private:
  void read_scenario(Arguments& arguments, const std::string& command);
  void read_numbers(Arguments& arguments);
  void read_policies(Arguments& arguments);

  // A whole number from `least` to `most` in decimal digits and nothing else, if it was given.
  template <class Whole>
  std::optional<Whole> whole(std::string_view option, const std::optional<std::string>& text,
                             Whole least, Whole most);

  void complain(std::string text) {
    if (mistake_.empty()) mistake_ = std::move(text);
  }

  const Texts& texts_;
  std::string mistake_;
};

std::expected<Arguments, Reply> Reader::read(Arguments arguments, const std::string& command) {
  if (arguments.command == Arguments::Command::list) return arguments;
  read_scenario(arguments, command);
  read_numbers(arguments);
  read_policies(arguments);
  if (texts_.json == "") complain("--json takes a file, or - for standard output");
  if (arguments.real && texts_.jobs) complain("--jobs means nothing with --real: one at a time");
  if (!mistake_.empty()) return mistake(mistake_);
  arguments.json = texts_.json.value_or("");
  return arguments;
}

void Reader::read_scenario(Arguments& arguments, const std::string& command) {
  arguments.scenario = texts_.scenario.value_or("");
  if (arguments.scenario.empty()) {
    complain("weir " + command + " takes a scenario: a file, or a name that weir list shows");
  }
  for (const std::string& assignment : texts_.overrides) {
    if (assignment.find('=') == std::string::npos) {
      complain("--set takes KEY=VALUE, not '" + assignment + "'");
    }
  }
  arguments.overrides = texts_.overrides;
}

void Reader::read_numbers(Arguments& arguments) {
  constexpr std::uint64_t seed_max = std::numeric_limits<std::uint64_t>::max();
  arguments.seed = whole("--seed", texts_.seed, std::uint64_t{0}, seed_max);
  arguments.replications =
      whole("--replications", texts_.replications, std::uint32_t{1}, sim::limit::replications);
  arguments.jobs = whole("--jobs", texts_.jobs, 1, jobs_max).value_or(0);
}

void Reader::read_policies(Arguments& arguments) {
  if (texts_.policy) arguments.policies = {*texts_.policy};
  if (arguments.command != Arguments::Command::compare) return;
  if (!texts_.policies) return complain("weir compare takes --policies, such as p2c,least_loaded");
  arguments.policies = split_policies(*texts_.policies);
  for (auto policy = arguments.policies.begin(); policy != arguments.policies.end(); ++policy) {
    if (policy->empty())
      return complain("--policies has an empty place: '" + *texts_.policies + "'");
    if (std::find(arguments.policies.begin(), policy, *policy) != policy) {
      return complain("--policies names '" + *policy + "' twice");
    }
  }
  if (arguments.policies.size() < 2) {
    complain("--policies takes two policies or more; '" + *texts_.policies + "' is one");
  }
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

// The options of CLI11 write into `arguments` and `texts`, which must outlive them.
class CommandLine {
 public:
  CommandLine() {
    app_.name("weir");
    app_.set_help_flag("-h,--help", "say what there is and how to use it");
    app_.set_version_flag("--version", "weir " WEIR_VERSION, "say which version this is");
    app_.require_subcommand(1);
    app_.footer(std::string(program_lesson()));
    app_.get_formatter()->column_width(28);
    app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app_.get_formatter()->label("Subcommands", "Commands");
    CLI::App* run = add(Arguments::Command::run, "run", "run a scenario under one policy");
    add_experiment(run);
    run->add_option("--policy", texts_.policy, "instead of the scenario's")->type_name("POLICY");
    CLI::App* compare = add(Arguments::Command::compare, "compare",
                            "run a scenario under several policies and compare them");
    add_experiment(compare);
    compare
        ->add_option("--policies", texts_.policies,
                     "with commas between them; the first is the baseline")
        ->type_name("LIST");
    add_scenario(add(Arguments::Command::check, "check", "read a scenario and say what is in it"));
    add(Arguments::Command::list, "list", "shipped scenarios, and policies");
  }

  std::expected<Arguments, Reply> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return std::unexpected(Reply{.code = exit_code::pass, .text = app_.help()});
    } catch (const CLI::CallForVersion& version) {
      return std::unexpected(
          Reply{.code = exit_code::pass, .text = std::string(version.what()) + "\n"});
    } catch (const CLI::ParseError& error) {
      return mistake(describe(error));
    }
    const auto command = std::ranges::find(commands_, chosen(), &Command::app);
    arguments_.command = command->name;
    return Reader(texts_).read(arguments_, command->app->get_name());
  }

 private:
  struct Command {
    Arguments::Command name;
    CLI::App* app;
  };

  CLI::App* add(Arguments::Command name, const char* word, const char* line) {
    CLI::App* app = app_.add_subcommand(word, line);
    app->footer(std::string(lesson_of(name)));
    commands_.push_back({name, app});
    return app;
  }

  void add_scenario(CLI::App* app);
  void add_experiment(CLI::App* app);

  CLI::App* chosen() const {
    const auto parsed = app_.get_subcommands();
    return parsed.empty() ? nullptr : parsed.front();
  }

  std::string describe(const CLI::ParseError& error) const;
  std::string describe_unknown(const std::string& word) const;

  CLI::App app_;
  std::vector<Command> commands_;
  Arguments arguments_;
  Texts texts_;
};

void CommandLine::add_scenario(CLI::App* app) {
  app->add_option("SCENARIO", texts_.scenario, "a file, or the name of a shipped scenario")
      ->type_name("");
  // One value at a time, whatever it looks like.
  app->add_option("--set", texts_.overrides, "set a key of the scenario; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
}

void CommandLine::add_experiment(CLI::App* app) {
  add_scenario(app);
  app->add_option("--seed", texts_.seed, "instead of the scenario's")->type_name("N");
  app->add_option("--replications", texts_.replications, "instead of the scenario's")
      ->type_name("N");
  app->add_option("--jobs", texts_.jobs, "replications side by side; default: one a processor")
      ->type_name("N");
  app->add_flag("--real", arguments_.real, "in real time instead of virtual time")
      ->disable_flag_override();
  app->add_option("--json", texts_.json, "write the result as JSON; '-': standard output")
      ->type_name("FILE");
  app->add_flag("-q,--quiet", arguments_.quiet, "no progress")->disable_flag_override();
}

std::string CommandLine::describe(const CLI::ParseError& error) const {
  for (const std::string& word : app_.remaining()) return describe_unknown(word);
  const CLI::App* app = chosen();
  if (app == nullptr) return "say what to do: run, compare, check or list (weir --help tells more)";
  for (const std::string& word : app->remaining()) return describe_unknown(word);
  for (const CLI::Option* option : app->get_options()) {
    if (option->count() > 1 && option->get_name() != "--set") {
      return option->get_name() + " may be given only once";
    }
  }
  const std::string text = error.what();
  const std::size_t colon = text.find(':');
  const bool mismatch = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr;
  return mismatch && colon != std::string::npos ? text.substr(0, colon) + " lacks its value" : text;
}

// A word that nobody asked for: a command, an option, or one word too many.
std::string CommandLine::describe_unknown(const std::string& word) const {
  const CLI::App* app = chosen();
  if (app != nullptr && !app_.remaining().empty()) {
    return "'" + word + "' stands before the command; it belongs behind: weir " + app->get_name() +
           " SCENARIO …";
  }
  std::vector<std::string> known;
  if (word.starts_with('-')) {
    for (const CLI::Option* option : (app == nullptr ? &app_ : app)->get_options()) {
      if (option->nonpositional()) known.push_back("--" + option->get_lnames().front());
    }
  } else if (app == nullptr) {
    for (const Command& command : commands_) known.push_back(command.app->get_name());
  } else {
    return "'" + word + "' is one word too many for weir " + app->get_name();
  }
  const std::string name = word.substr(0, word.find('='));
  const std::string kind = word.starts_with('-') ? "option" : "command";
  const std::string of = app == nullptr ? "" : " of weir " + app->get_name();
  const std::vector<std::string_view> words(known.begin(), known.end());
  return "there is no " + kind + " '" + name + "'" + of + did_you_mean(name, words);
}

}  // namespace

std::expected<Arguments, Reply> parse_arguments(int argc, const char* const* argv) {
  return CommandLine().parse(argc, argv);
}

}  // namespace weir::cli
