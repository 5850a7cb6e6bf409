#include "weir/runtime/explore.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "weir/base/check.h"
#include "weir/base/last_words.h"
#include "weir/runtime/recording_chooser.h"
#include "weir/runtime/run.h"
#include "weir/runtime/schedule_token.h"

namespace weir {
namespace {

std::string message_of(const std::exception_ptr& cause) {
  try {
    std::rethrow_exception(cause);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception left a task that is no std::exception";
  }
}

// One run under one schedule.
class Attempt {
 public:
  Attempt(const ExploreOptions& options, const ScheduleToken& schedule)
      : options_(options),
        schedule_(schedule),
        strategy_(schedule.make_strategy(bounds_of(options))),
        chooser_(*strategy_, {.steps = options.steps, .events = options.events}) {}

  void run(const std::function<Task<>()>& body, std::source_location where) {
    const Dying dying(*this);
    try {
      run_virtual_root(body().release(),
                       {.seed = schedule_.seed,
                        .replication = schedule_.run,
                        .processors = schedule_.processors,
                        .on_leak = options_.on_leak,
                        .chooser = &chooser_},
                       where, nullptr);
    } catch (...) {
      cause_ = std::current_exception();
      failure_ = message_of(cause_);
    }
    if (options_.failed && options_.failed() && failure_.empty()) {
      failure_ = "the body found a fault";
    }
  }

  // Empty if the run was as it should be.
  const std::string& failure() const { return failure_; }
  const std::exception_ptr& cause() const { return cause_; }
  std::uint64_t hash() const { return chooser_.log().hash(); }
  std::uint64_t steps() const { return chooser_.steps(); }

  // Null unless the strategy follows a path.
  const PathStrategy* path() const { return dynamic_cast<const PathStrategy*>(strategy_.get()); }

  // The schedule as it was given.
  const ScheduleToken& schedule() const { return schedule_; }

  // The schedule as it came out.
  ScheduleToken token() const {
    ScheduleToken token = schedule_;
    if (path() != nullptr) token.path = path()->path();
    token.hash = static_cast<std::uint32_t>(hash() ^ (hash() >> 32));
    return token;
  }

  std::string evidence() const {
    const EventLog& log = chooser_.log();
    const std::uint64_t shown = std::min<std::uint64_t>(log.count(), options_.events);
    std::string text = "replay it with WEIR_EXPLORE_TOKEN=" + token().spell() + "\nthe last " +
                       std::to_string(shown) + " of " + std::to_string(log.count()) + " events:\n" +
                       log.text();
    if (!chooser_.waits().empty()) text += "who waits for whom:\n" + chooser_.waits();
    return text;
  }

 private:
  static PathStrategy::Bounds bounds_of(const ExploreOptions& options) {
    // Whoever follows a path to its end is not told where it may branch off.
    if (!options.token.empty()) return {};
    return {.preemptions = options.preemptions, .steps = options.choices};
  }

  // Tells of the schedule if a broken contract ends the process.
  class Dying final : private LastWords {
   public:
    explicit Dying(const Attempt& attempt) : attempt_(attempt) {}

   private:
    void say() noexcept override {
      std::fprintf(stderr, "weir: in a run of explore(); %s", attempt_.evidence().c_str());
    }
    const Attempt& attempt_;
  };

  const ExploreOptions& options_;
  const ScheduleToken schedule_;
  const std::unique_ptr<Strategy> strategy_;
  RecordingChooser chooser_;
  std::string failure_;
  std::exception_ptr cause_;
};

class Explorer {
 public:
  Explorer(ExploreOptions options, const std::function<Task<>()>& body, std::source_location where)
      : options_(std::move(options)), body_(body), where_(where) {
    WEIR_CHECK(
        options_.depth >= 1 && options_.preemptions >= 0 && options_.processors >= 1,
        "explore was given a depth, a number of preemptions or of processors below its least");
  }

  ExploreResult search();
  ExploreResult replay();

 private:
  void note(const Attempt& attempt);
  void compare(const Attempt& attempt, const ScheduleToken& schedule);
  [[noreturn]] void fail(const std::string& what, const Attempt& attempt);

  const ExploreOptions options_;
  const std::function<Task<>()>& body_;
  const std::source_location where_;
  std::set<std::uint64_t> hashes_;
  ExploreResult result_;
};

ExploreResult Explorer::search() {
  ScheduleToken schedule = {.strategy = options_.strategy,
                            .seed = options_.seed,
                            .depth = options_.depth,
                            .processors = options_.processors};
  const bool all = options_.strategy == Explore::exhaustive;
  while (result_.runs < options_.runs && !result_.exhausted) {
    if (!all) schedule.run = static_cast<std::uint32_t>(result_.runs);
    Attempt attempt(options_, schedule);
    attempt.run(body_, where_);
    note(attempt);
    // Of the first run alone: one that starved somebody would make the next one starve longer.
    if (result_.runs == 1) schedule.steps = result_.steps;
    if (!attempt.failure().empty()) fail(attempt.failure(), attempt);
    const bool is_power_of_two = (result_.runs & (result_.runs - 1)) == 0;
    if (options_.check_determinism && is_power_of_two) compare(attempt, attempt.schedule());
    if (!all) continue;
    if (attempt.path()->strayed()) fail("the choices that led here have not come again", attempt);
    schedule.path = attempt.path()->path();
    result_.exhausted = !PathStrategy::advance(schedule.path);
  }
  return result_;
}

ExploreResult Explorer::replay() {
  const std::optional<ScheduleToken> token = ScheduleToken::parse(options_.token);
  if (!token) throw std::invalid_argument("not a token of explore(): " + options_.token);
  Attempt attempt(options_, *token);
  attempt.run(body_, where_);
  note(attempt);
  result_.changed = attempt.token().hash != token->hash;
  if (result_.changed) {
    std::fprintf(stderr,
                 "weir: other events than when the token was made: the program has changed "
                 "since, or depends on more than weir\n");
  }
  if (!attempt.failure().empty()) fail(attempt.failure(), attempt);
  return result_;
}

void Explorer::note(const Attempt& attempt) {
  ++result_.runs;
  hashes_.insert(attempt.hash());
  result_.schedules = hashes_.size();
  result_.steps = std::max(result_.steps, attempt.steps());
}

// Makes the run of `attempt` again.
void Explorer::compare(const Attempt& attempt, const ScheduleToken& schedule) {
  Attempt again(options_, schedule);
  again.run(body_, where_);
  if (again.hash() == attempt.hash() && again.failure().empty()) return;
  fail(
      "two runs of one schedule differ: the body depends on something else than weir (a clock, "
      "addresses, a thread, what the run before has left). The first run:\n" +
          attempt.evidence() + "The second run" +
          (again.failure().empty() ? "" : " failed: " + again.failure()),
      again);
}

void Explorer::fail(const std::string& what, const Attempt& attempt) {
  const std::string token = attempt.token().spell();
  std::fprintf(stderr, "weir: explore() found a fault; replay it with WEIR_EXPLORE_TOKEN=%s\n",
               token.c_str());
  std::string text = "run " + std::to_string(result_.runs) + " failed: " + what;
  if (text.back() != '\n') text += '\n';
  throw ExploreFailure(text + attempt.evidence(), token, result_.runs, attempt.cause());
}

}  // namespace

ExploreResult explore(const ExploreOptions& options, const std::function<Task<>()>& body,
                      std::source_location where) {
  ExploreOptions chosen = options;
  const char* asked = std::getenv("WEIR_EXPLORE_TOKEN");
  if (chosen.token.empty() && asked != nullptr) chosen.token = asked;
  const bool replays = !chosen.token.empty();
  Explorer explorer(std::move(chosen), body, where);
  return replays ? explorer.replay() : explorer.search();
}

}  // namespace weir
