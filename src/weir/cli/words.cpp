#include "weir/cli/words.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/cli/help.h"
#include "weir/cli/run.h"

namespace weir::cli {
namespace {

// The options of CLI11 write into the words beside them.
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
    run->add_option("--policy", words_.policy, "instead of the scenario's")->type_name("POLICY");
    add_run_files(run);
    CLI::App* compare = add(Arguments::Command::compare, "compare",
                            "run a scenario under several policies and compare them");
    add_experiment(compare);
    compare
        ->add_option("--policies", words_.policies,
                     "with commas between them; the first is the baseline")
        ->type_name("LIST");
    compare
        ->add_option("--modes", words_.modes,
                     "virtual,real: one policy in both kinds of time, instead of --policies")
        ->type_name("LIST");
    add_sweep(add(Arguments::Command::sweep, "sweep", "run a scenario at many points"));
    CLI::App* merge = add(Arguments::Command::merge, "merge", "put the shards of a sweep together");
    merge->add_option("FILE", words_.files, "folders of --out, journals, or results in JSON")
        ->type_name("");
    add_results(merge);
    add_plan(add(Arguments::Command::plan, "plan", "how many workers, or how much load?"));
    add_replay(add(Arguments::Command::replay, "replay", "replay a log against policies"));
    CLI::App* check =
        add(Arguments::Command::check, "check", "read a scenario and say what is in it");
    add_scenario(check);
    check->add_flag("-q,--quiet", words_.quiet, "say only whether it is in order")
        ->disable_flag_override();
    add_validate(add(Arguments::Command::validate, "validate",
                     "hold what the laboratory measures to exact results of theory"));
    add_bench(add(Arguments::Command::bench, "bench", "how fast this machine runs weir"));
    add(Arguments::Command::list, "list", "shipped scenarios, and policies");
  }

  std::expected<Words, Reply> parse(int argc, const char* const* argv) {
    try {
      const std::vector<const char*> words = without_help_command(argc, argv);
      app_.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::CallForHelp&) {
      return std::unexpected(Reply{.code = exit_code::pass, .text = app_.help()});
    } catch (const CLI::CallForVersion& version) {
      return std::unexpected(
          Reply{.code = exit_code::pass, .text = std::string(version.what()) + "\n"});
    } catch (const CLI::ParseError& error) {
      return std::unexpected(Reply{.code = exit_code::bad_input, .text = describe(error)});
    }
    const auto command = std::ranges::find(commands_, chosen(), &Command::app);
    words_.command = command->name;
    words_.command_name = command->app->get_name();
    return std::move(words_);
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
  void add_runs(CLI::App* app);
  void add_run_files(CLI::App* app);
  void add_results(CLI::App* app);
  void add_sweep(CLI::App* app);
  void add_plan(CLI::App* app);
  void add_replay(CLI::App* app);
  void add_repeated(CLI::App* app, const char* name, std::vector<std::string>& target,
                    const char* line, const char* type);
  void add_validate(CLI::App* app);
  void add_bench(CLI::App* app);

  // "help" and "help run" are other words for "--help" and "run --help".
  std::vector<const char*> without_help_command(int argc, const char* const* argv) const {
    std::vector<const char*> words(argv, argv + argc);
    if (argc < 2 || std::string_view(argv[1]) != "help") return words;
    words.erase(words.begin() + 1);
    const bool known =
        argc < 3 ||
        std::ranges::any_of(
            commands_, [&](const Command& command) { return command.app->get_name() == argv[2]; });
    if (known) words.insert(words.begin() + std::min(argc - 1, 2), "--help");
    return words;
  }

  CLI::App* chosen() const {
    const auto parsed = app_.get_subcommands();
    return parsed.empty() ? nullptr : parsed.front();
  }

  std::string describe(const CLI::ParseError& error) const;
  std::string describe_unknown(const std::string& word) const;

  CLI::App app_;
  std::vector<Command> commands_;
  Words words_;
};

// One value at a time, whatever it looks like.
void CommandLine::add_repeated(CLI::App* app, const char* name, std::vector<std::string>& target,
                               const char* line, const char* type) {
  app->add_option(name, target, line)
      ->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
}

void CommandLine::add_scenario(CLI::App* app) {
  app->add_option("SCENARIO", words_.scenario, "a file, or the name of a shipped scenario")
      ->type_name("");
  add_repeated(app, "--set", words_.overrides, "set a key of the scenario; may be repeated",
               "KEY=VALUE");
}

void CommandLine::add_runs(CLI::App* app) {
  add_scenario(app);
  app->add_option("--seed", words_.seed, "instead of the scenario's")->type_name("N");
  app->add_option("--replications", words_.replications, "instead of the scenario's")
      ->type_name("N");
  app->add_option("--jobs", words_.jobs, "replications side by side; default: one a processor")
      ->type_name("N");
}

void CommandLine::add_run_files(CLI::App* app) {
  app->add_option("--trace", words_.trace,
                  "write what ran when, for ui.perfetto.dev; virtual: replication 0 alone")
      ->type_name("FILE");
  app->add_option("--log", words_.log, "write a line for every request: a .csv or a .jsonl")
      ->type_name("FILE");
  app->add_option("--log-sample", words_.log_sample, "for such a share of the requests alone")
      ->type_name("1%");
}

void CommandLine::add_results(CLI::App* app) {
  app->add_option("--json", words_.json, "write the result as JSON; '-': standard output")
      ->type_name("FILE");
  app->add_option("--csv", words_.csv, "write the figures as CSV; '-': standard output")
      ->type_name("FILE");
  app->add_flag("-q,--quiet", words_.quiet, "no progress")->disable_flag_override();
}

void CommandLine::add_experiment(CLI::App* app) {
  add_runs(app);
  app->add_flag("--real", words_.real, "in real time instead of virtual time")
      ->disable_flag_override();
  app->add_flag("--virtual", words_.virtual_time, "in virtual time, whatever the scenario says")
      ->disable_flag_override();
  add_results(app);
  app->add_flag("--monitor", words_.monitor,
                "once a second how far it is and, with --real, what the runtime does")
      ->disable_flag_override();
}

void CommandLine::add_sweep(CLI::App* app) {
  add_runs(app);
  add_repeated(app, "--axis", words_.axes, "a key and its values or ranges; may be repeated",
               "KEY=V1,V2,…");
  app->add_flag("--zip", words_.zip, "the axes together, instead of every combination")
      ->disable_flag_override();
  add_repeated(app, "--baseline", words_.baselines, "what the other values are compared with",
               "AXIS=VALUE");
  add_repeated(app, "--metric", words_.metrics, "a figure to show; may be repeated", "METRIC");
  app->add_option("--out", words_.out, "keep a journal and the results in this folder")
      ->type_name("DIR");
  app->add_flag("--resume", words_.resume, "go on with the journal in --out")
      ->disable_flag_override();
  app->add_option("--shard", words_.shard, "run the I-th of N parts; see weir merge")
      ->type_name("I/N");
  app->add_flag("-x,--dry-run", words_.dry_run, "list the points and run nothing")
      ->disable_flag_override();
  add_results(app);
}

void CommandLine::add_plan(CLI::App* app) {
  add_runs(app);
  app->add_option("--slo", words_.slo, "what has to hold, such as 'p99<200ms' or 'success>99.9%'")
      ->type_name("OBJECTIVE");
  app->add_option("--load", words_.load, "whose; default: the first load")->type_name("NAME");
  app->add_option("--vary", words_.vary, "default: workers.NAME.count of the first group")
      ->type_name("KEY");
  app->add_flag("--rate", words_.rate, "vary the load's rate: the highest that is borne")
      ->disable_flag_override();
  app->add_option("--down", words_.down, "so many workers are missing")->type_name("K");
  app->add_option("--json", words_.json, "write the result as JSON; '-': standard output")
      ->type_name("FILE");
  app->add_flag("-q,--quiet", words_.quiet, "no progress")->disable_flag_override();
}

void CommandLine::add_replay(CLI::App* app) {
  const auto add_text = [&](const char* name, std::optional<std::string>& target, const char* line,
                            const char* type) {
    app->add_option(name, target, line)->type_name(type);
  };
  add_text("LOG", words_.replayed, "an access log, a CSV or JSONL; '-': standard input", "");
  add_experiment(app);
  add_text("--policies", words_.policies, "with commas between them; the first is the baseline",
           "LIST");
  add_run_files(app);
  add_text("--workers", words_.workers, "without SCENARIO; default: so many that 70 % are busy",
           "N");
  add_text("--service", words_.service, "instead of the log's durations", "DISTRIBUTION");
  add_text("--rate-scale", words_.rate_scale, "so many times as fast", "2x");
  add_text("--replication", words_.replication, "of weir's own log; default: 0", "N");
  add_text("--from", words_.from, "a time of the log, or 10m after its first request", "TIME");
  add_text("--for", words_.length, "no more than so long", "TIME");
  add_text("--format", words_.format, "auto, common, combined, csv or jsonl", "NAME");
  add_text("--time", words_.time, "column or key of the time, and the unit of numbers",
           "FIELD[:UNIT]");
  add_text("--duration", words_.duration, "the same; of access logs a word at the end, or last",
           "FIELD[:UNIT]");
  add_text("--bytes", words_.bytes, "column or key of the size", "FIELD");
  add_text("--stamped", words_.stamped, "which moment of a request the times are: start or end",
           "WHEN");
  add_text("--bad-lines", words_.bad_lines, "so many may be bad; default: 1%", "SHARE");
  add_text("--write", words_.write, "write a scenario for weir check, plan and sweep", "FILE");
}

void CommandLine::add_validate(CLI::App* app) {
  app->add_option("--family", words_.family, "only rows of this family")->type_name("NAME");
  app->add_flag("--list", words_.only_list, "say which rows there are and run nothing")
      ->disable_flag_override();
  app->add_option("--seed", words_.seed, "instead of 1")->type_name("N");
  app->add_option("--jobs", words_.jobs, "replications side by side; default: one a processor")
      ->type_name("N");
  app->add_option("--json", words_.json, "write the rows as JSON; '-': standard output")
      ->type_name("FILE");
  app->add_flag("-q,--quiet", words_.quiet, "no progress")->disable_flag_override();
}

void CommandLine::add_bench(CLI::App* app) {
  app->add_option("SUBJECT", words_.subjects, "what --list shows; default: everything")
      ->type_name("");
  app->add_flag("--list", words_.only_list, "say what there is and measure nothing")
      ->disable_flag_override();
  app->add_option("--processors", words_.processors, "default: 1, and all there are")
      ->type_name("N,N…");
  app->add_option("--workers", words_.workers, "of pools; default: 1,2,4,8,16,32")
      ->type_name("N,N…");
  app->add_option("--seconds", words_.seconds, "for each line, all rounds together; default: 0.5")
      ->type_name("S");
  app->add_option("--rounds", words_.rounds, "how often each is measured, in turn; default: 5")
      ->type_name("N");
  add_results(app);
}

std::string CommandLine::describe(const CLI::ParseError& error) const {
  for (const std::string& word : app_.remaining()) return describe_unknown(word);
  const CLI::App* app = chosen();
  if (app == nullptr)
    return "say what to do: run, compare, sweep, merge, plan, replay, check, validate, bench or "
           "list "
           "(weir "
           "--help tells more)";
  for (const std::string& word : app->remaining()) return describe_unknown(word);
  for (const CLI::Option* option : app->get_options()) {
    if (option->count() > 1 && option->get_expected_max() == 1 &&
        option->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll) {
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
    known.push_back("help");
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

std::expected<Words, Reply> sort_words(int argc, const char* const* argv) {
  return CommandLine().parse(argc, argv);
}

}  // namespace weir::cli
