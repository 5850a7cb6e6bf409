// Whatever the reader accepts runs to its end and keeps the laws: scenarios that nobody would
// write, made from ones that people did.
//
// A scenario is taken line by line; lines are dropped, their values replaced by those of the same
// key elsewhere, numbers made greater and less, tables added from others. What is refused is left
// alone: only that it says so in a line is held. What is accepted is cut to some hundred requests
// and run. A broken law stops the program, which then says the seed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/experiment.h"
#include "weir/base/last_words.h"
#include "weir/base/random.h"
#include "weir/sim/offered_load.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::istream&& text) {
  Lines lines;
  for (std::string line; std::getline(text, line);) {
    if (const std::size_t comment = line.find('#'); comment != std::string::npos) {
      line.erase(comment);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// Every key, at a scale of milliseconds.
const char* const all_keys = R"toml(weir = 1
seed = 4
[horizon]
time = "2s"
warmup = "100ms"
[[load]]
name = "web"
class = "gold"
arrival = "poisson(300/s)"
service = "exp(5ms)"
timeout = "60ms"
cancel_on_timeout = false
demand = "request"
key = "zipf(100, s=1.1)"
priority = 3
[load.retry]
max = 3
attempt_timeout = "20ms"
backoff = "exp(2ms, x2, cap=20ms, jitter=full)"
on = ["timeout", "refused"]
budget = "20%"
[load.hedge]
after = "p95"
max = 2
[[load]]
name = "pool"
model = "closed"
clients = 9
think = "exp(10ms)"
service = "hyperexp(mean=4ms, scv=9)"
size = "exp(100kB)"
timeout = "200ms"
[load.upload]
bandwidth = "uniform(1MB/s, 20MB/s)"
chunk = "16KiB"
stall = "2%: exp(20ms)"
holds = "slot"
[balancer]
count = 3
policy = "p2c"
stale = "30ms"
slots = 40
admission = { rate = "token(400/s, burst=20)", overflow = "block" }
queue = { limit = 4, discipline = "lifo", overflow = "drop_oldest" }
[network]
latency = "exp(1ms)"
loss = "1%"
[shutdown]
at = "1500ms"
drain = "100ms"
[[workers]]
name = "fast"
count = 3
speed = 2.0
concurrency = 2
weight = 2
failure = "3%"
[[workers]]
name = "shared"
serve = "ps"
cores = 2
concurrency = 20
uptime = "exp(300ms)"
downtime = "exp(50ms)"
queue = { limit = 2, overflow = "reject" }
[[fault]]
kind = "crash"
target = "fast[1]"
at = "300ms"
for = "200ms"
every = "700ms"
replies = "lost"
detect = "50ms"
cold = { factor = 4, for = "100ms" }
[[fault]]
kind = "restart"
at = "500ms"
for = "100ms"
batch = 1
grace = "20ms"
[[fault]]
kind = "scale"
target = "fast"
at = "400ms"
for = "300ms"
count = 1
[[fault]]
kind = "scale"
target = "shared"
at = "200ms"
for = "400ms"
every = "500ms"
count = 4
cold = { factor = 4, for = "100ms" }
[[fault]]
kind = "scale"
at = "600ms"
for = "300ms"
concurrency = 5
[[fault]]
kind = "slow"
uptime = "exp(200ms)"
downtime = "exp(100ms)"
fraction = "50%"
factor = 8
[[fault]]
kind = "late_reply"
at = "100ms"
for = "1s"
delay = "exp(30ms)"
share = "20%"
[[fault]]
kind = "stale"
at = "200ms"
for = "300ms"
age = "100ms"
[[fault]]
kind = "black_hole"
at = "900ms"
for = "100ms"
takes = "1ms"
[[expect]]
metric = "web.response.p99"
max = "200ms"
)toml";

class Corpus {
 public:
  Corpus() {
    std::set<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(WEIR_SOURCE_DIR) + "/scenarios")) {
      files.insert(entry.path());
    }
    texts_.push_back(lines_of(std::istringstream(all_keys)));
    for (const auto& file : files) texts_.push_back(lines_of(std::ifstream(file)));
    for (const Lines& text : texts_) all_.insert(all_.end(), text.begin(), text.end());
  }

  // The one with all keys as often as all others together.
  const Lines& some_text(Random& random) const {
    return random.below(2) == 0 ? texts_.front() : texts_[random.below(texts_.size())];
  }

  const std::string& some_line(Random& random) const { return all_[random.below(all_.size())]; }

  // A line that gives the same key a value.
  std::string some_value(const std::string& line, Random& random) const {
    const std::string key = line.substr(0, line.find('='));
    Lines found;
    for (const std::string& other : all_) {
      if (other.starts_with(key + '=')) found.push_back(other);
    }
    return found.empty() ? line : found[random.below(found.size())];
  }

  // A table with all its lines.
  Lines some_table(Random& random) const {
    const Lines& text = some_text(random);
    std::size_t from = random.below(text.size());
    while (from > 0 && !text[from].starts_with('[')) --from;
    Lines table = {text[from]};
    while (++from < text.size() && !text[from].starts_with('[')) table.push_back(text[from]);
    return table;
  }

 private:
  std::vector<Lines> texts_;
  Lines all_;
};

std::string other_number(const std::string& line, Random& random) {
  std::vector<std::size_t> places;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto is_digit = [&](std::size_t at) { return '0' <= line[at] && line[at] <= '9'; };
    if (is_digit(i) && !is_digit(i - 1) && line[i - 1] != '.') places.push_back(i);
  }
  if (places.empty()) return line;
  const std::size_t from = places[random.below(places.size())];
  std::size_t to = from;
  while (to < line.size() && '0' <= line[to] && line[to] <= '9') ++to;
  static const Lines numbers = {"0", "1", "2", "3", "7", "10", "64", "1000", "1000000"};
  return line.substr(0, from) + numbers[random.below(numbers.size())] + line.substr(to);
}

void mutate(Lines& lines, const Corpus& corpus, Random& random) {
  const std::size_t at = random.below(lines.size());
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random.below(6)) {
    case 0:
      if (lines.size() > 1) lines.erase(place);
      break;
    case 1:
    case 2:
      *place = corpus.some_value(*place, random);
      break;
    case 3:
      *place = other_number(*place, random);
      break;
    case 4:
      lines.insert(place + 1, corpus.some_line(random));
      break;
    case 5: {
      const Lines table = corpus.some_table(random);
      lines.insert(lines.end(), table.begin(), table.end());
      break;
    }
  }
}

std::string mutated(const Corpus& corpus, Random& random) {
  Lines lines = corpus.some_text(random);
  for (std::uint64_t i = 1 + random.below(5); i > 0; --i) mutate(lines, corpus, random);
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

double requests_in(const Scenario& scenario, Duration time) {
  double requests = 0;
  for (const Load& load : scenario.loads) {
    const double cycle = std::max(1e-4, load.think.mean() + mean_work(load));
    requests += load.model == Load::Model::open ? load.arrival.expected_count(time)
                                                : load.clients * (1 + to_seconds(time) / cycle);
  }
  return requests;
}

// What would take long, and is not wrong for that.
bool is_vast(const Scenario& scenario) {
  std::uint64_t workers = 0;
  for (const Workers& group : scenario.workers) {
    workers += group.count * (group.work == Workers::Work::cpu ? group.concurrency : 1);
    const bool flaps = group.uptime && group.uptime->mean() + group.downtime->mean() < 1e-3;
    if (flaps || group.concurrency > 1000) return true;
  }
  for (const Fault& fault : scenario.faults) {
    if (fault.every && *fault.every < std::chrono::milliseconds(1)) return true;
    if (fault.uptime && fault.uptime->mean() + fault.downtime->mean() < 1e-3) return true;
    if (fault.concurrency.value_or(0) > 1000) return true;
  }
  for (const Load& load : scenario.loads) {
    if (load.clients > 1000) return true;
    const double bytes = load.upload ? load.size->mean() : 0;
    if (load.upload && bytes / static_cast<double>(load.upload->chunk) > 1000) return true;
  }
  return workers * scenario.balancer.count > 500;
}

// Keeps what comes first, so that the run is short.
void cut(Scenario& scenario) {
  constexpr double enough = 600;
  Horizon& horizon = scenario.horizon;
  if (horizon.requests) horizon.requests = std::min<std::uint64_t>(*horizon.requests, 300);
  while (horizon.time && requests_in(scenario, *horizon.time) > enough &&
         *horizon.time > Duration(1)) {
    *horizon.time /= 2;
  }
}

class Seed final : public LastWords {
 public:
  explicit Seed(std::uint64_t seed) : seed_(seed) {}
  void say() noexcept override {
    std::fprintf(stderr, "mutated scenario of seed %llu\n", static_cast<unsigned long long>(seed_));
  }

 private:
  const std::uint64_t seed_;
};

void expect_laws(const Experiment& experiment) {
  const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());
  for (const auto& load : record.loads) {
    EXPECT_TRUE(load.counts.adds_up());
    EXPECT_EQ(load.latencies.response.count(), load.counts.completed);
    EXPECT_LE(load.counts.retries + load.counts.hedges, load.counts.attempts);
  }
  for (const WorkerFigures& worker : record.workers) {
    EXPECT_GE(worker.utilisation, 0);
    EXPECT_LE(worker.utilisation, 1 + 1e-9);
    EXPECT_LE(worker.mean_queue, worker.mean_in_flight + 1e-9);
  }
  RunRecord run = RunRecord::of(experiment.scenario);
  run.add(record);
  const RunSummary summary = summarise(run, experiment.scenario);
  EXPECT_EQ(summary.verdicts.size(), experiment.scenario.expects.size());
  (void)predictions(experiment.scenario);
}

// Clients that are refused in no time and ask again at once are told so.
bool is_standstill(const std::runtime_error& error) {
  return std::string_view(error.what()).starts_with("the clients of load");
}

TEST(MutatedScenario, RunsToItsEndIfItIsAccepted) {
  const Corpus corpus;
  int ran = 0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    Random random({.seed = seed}, "mutation");
    const std::string text = mutated(corpus, random);
    const Seed told(seed);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    ReadOptions options;
    options.bases.emplace();
    auto scenario = read_scenario(text, "mutated.toml", {}, options);
    if (!scenario) {
      EXPECT_EQ(scenario.error().text().find('\n'), std::string::npos);
      continue;
    }
    auto policy = balance::Catalog::standard().make(scenario->balancer.policy);
    if (!policy || is_vast(*scenario)) continue;
    cut(*scenario);
    ++ran;
    try {
      expect_laws({.scenario = *std::move(scenario), .policy = *std::move(policy)});
    } catch (const std::runtime_error& error) {
      EXPECT_TRUE(is_standstill(error)) << error.what();
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(ran, 500);
}

}  // namespace
}  // namespace weir::sim
