// Payloads that arrive over time: what a link carries, what a deadline breaks off, what is held
// meanwhile.

#include "weir/sim/upload.h"

#include <gtest/gtest.h>

#include "tests/support/experiment.h"
#include "weir/runtime/run.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

struct Seen {
  TimePoint at{};
  std::uint64_t bytes = 0;
};

Task<> note_chunks(Receiver<Chunk> from, std::vector<Seen>& seen) {
  while (const auto chunk = co_await from.receive()) seen.push_back({now(), chunk->bytes});
}

// The chunks of one transfer, and when they came.
std::vector<Seen> chunks_of(Transfer transfer, Duration patience = 1h) {
  return run_virtual([](Transfer its, Duration limit) -> Task<std::vector<Seen>> {
    std::vector<Seen> seen;
    auto chunks = make_channel<Chunk>();
    auto [context, cancel] = with_timeout(background(), limit);
    WaitGroup both;
    both.go(send_payload(context, its, chunks));
    both.go(note_chunks(chunks, seen));
    co_await both.wait();
    co_return seen;
  }(transfer, patience));
}

Transfer transfer(const Upload& upload, std::uint64_t bytes, double bandwidth,
                  std::uint64_t seed = 1) {
  Transfer made;
  made.bytes = bytes;
  made.bandwidth = bandwidth;
  made.how = &upload;
  made.stalls = Random({seed}, "stall");
  return made;
}

TEST(Upload, SendsChunksAsFastAsTheBandwidthAllows) {
  const Upload upload{.chunk = 1000};
  const auto seen = chunks_of(transfer(upload, 2500, 1000));
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].at.time_since_epoch(), 1s);
  EXPECT_EQ(seen[1].at.time_since_epoch(), 2s);
  EXPECT_EQ(seen[2].at.time_since_epoch(), 2500ms);
  EXPECT_EQ(seen[2].bytes, 500u);
}

TEST(Upload, SendsNothingOfAnEmptyPayload) {
  const Upload upload{.chunk = 1000};
  EXPECT_TRUE(chunks_of(transfer(upload, 0, 1000)).empty());
}

// Whatever bandwidth, chunk and stalls: from one chunk's end to any later one's a link has had time
// for all bytes in between.
TEST(Upload, NeverExceedsItsBandwidth) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random({seed}, "upload");
    Upload upload{.chunk = 1 + random.below(5000)};
    upload.stall_share = seed % 2 == 0 ? 0.2 : 0.0;
    upload.stall = *Distribution::parse("exp(1s)", Quantity::duration);
    const double bandwidth = 1 + 1e7 * random.uniform();
    const std::uint64_t bytes = 1 + random.below(100'000);
    const auto seen = chunks_of(transfer(upload, bytes, bandwidth, seed), 24h * 365);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      total += seen[i].bytes;
      std::uint64_t between = 0;
      for (std::size_t j = i + 1; j < seen.size(); ++j) {
        between += seen[j].bytes;
        const double time = to_seconds(seen[j].at - seen[i].at);
        ASSERT_LE(static_cast<double>(between), time * bandwidth * (1 + 1e-12)) << "seed " << seed;
      }
    }
    EXPECT_EQ(total, bytes) << "seed " << seed;
  }
}

TEST(Upload, StallsTheShareOfChunksThatItWasTold) {
  Upload upload{.chunk = 1, .stall_share = 0.25};
  upload.stall = *Distribution::parse("const(10s)", Quantity::duration);
  const auto seen = chunks_of(transfer(upload, 10'000, 1000), 24h * 365);
  const double stalled = (to_seconds(seen.back().at.time_since_epoch()) - 10) / 10;
  EXPECT_NEAR(stalled, 2500, 4 * 43.3);  // binomial: sd 43.3
}

TEST(Upload, IsBrokenOffByTheEndOfItsContext) {
  const Upload upload{.chunk = 1000};
  const auto seen = chunks_of(transfer(upload, 10'000, 1000), 3500ms);
  EXPECT_EQ(seen.size(), 3u);
}

// One upload of a second every ten seconds, then a tenth of a second of service.
std::string uploads(const std::string& holds, const std::string& more = "") {
  return "weir = 1\n[horizon]\ntime = '100s'\nwarmup = 'none'\n[[load]]\nname = 'up'\n"
         "arrival = 'const(0.1/s)'\nservice = 'const(100ms)'\nsize = 'const(1000B)'\n" +
         more + "[load.upload]\nbandwidth = 'const(1kB/s)'\nchunk = '100B'\nholds = '" + holds +
         "'\n[[workers]]\nname = 'w'\n";
}

ReplicationRecord run(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  return run_replication(make_experiment(toml, overrides), 0, Duration::zero());
}

TEST(Upload, HoldsTheWorkerOnlyIfToldSo) {
  for (const char* holds : {"slot", "nothing", "worker"}) {
    SCOPED_TRACE(holds);
    const ReplicationRecord record = run(uploads(holds));
    EXPECT_EQ(record.loads[0].counts.completed, 10u);
    EXPECT_EQ(record.loads[0].latencies.response.max(), 1'100'000'000);
    const bool at_worker = std::string(holds) == "worker";
    EXPECT_EQ(record.loads[0].latencies.service.max(), at_worker ? 1'100'000'000 : 100'000'000);
    EXPECT_EQ(record.loads[0].latencies.wait.max(), 0);
    EXPECT_NEAR(record.workers[0].utilisation, at_worker ? 0.11 : 0.01, 1e-12);
  }
}

// Requests at 0, 0.5, 1.0 … seconds, each a second and a tenth on the way.
TEST(Upload, HoldsASlotUnlessItIsGatheredInFront) {
  const std::vector<std::string> crowded{"load.up.arrival=const(2/s)", "workers.w.concurrency=100",
                                         "balancer.slots=1"};
  // One slot, taken at 0, free at 1.1 s, taken at 1.5 s …
  for (const char* holds : {"slot", "worker"}) {
    SCOPED_TRACE(holds);
    const LoadCounts counts = run(uploads(holds), crowded).loads[0].counts;
    EXPECT_EQ(counts.offered, 200u);
    EXPECT_EQ(counts.rejected, 133u);
    EXPECT_EQ(counts.completed + counts.in_flight, 67u);
  }
  const LoadCounts counts = run(uploads("nothing"), crowded).loads[0].counts;
  EXPECT_EQ(counts.rejected, 0u);
}

TEST(Upload, IsCancelledByTheDeadlineOfTheRequest) {
  for (const char* holds : {"slot", "nothing", "worker"}) {
    SCOPED_TRACE(holds);
    const ReplicationRecord record =
        run(uploads(holds, "timeout = '550ms'\n"), {"balancer.slots=1"});
    const LoadCounts& counts = record.loads[0].counts;
    EXPECT_EQ(counts.timed_out, 10u);
    EXPECT_EQ(counts.attempts, 10u);
    const bool at_worker = std::string(holds) == "worker";
    EXPECT_NEAR(record.workers[0].utilisation, at_worker ? 0.055 : 0, 1e-12);
  }
}

TEST(Upload, IsBroughtAnewByARetryButNotIfItWasGathered) {
  const std::vector<std::string> stubborn{"workers.w.failure=100%",
                                          "load.up.retry={max=1, backoff='none', budget='none'}"};
  for (const char* holds : {"slot", "nothing", "worker"}) {
    SCOPED_TRACE(holds);
    Experiment experiment = make_experiment(uploads(holds), stubborn);
    const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());
    EXPECT_EQ(record.loads[0].counts.failed, 10u);
    EXPECT_EQ(record.loads[0].counts.retries, 10u);
    const double busy = std::string(holds) == "worker" ? 2.2 : 0.2;
    EXPECT_NEAR(record.workers[0].utilisation, busy / 10, 1e-12);
  }
}

TEST(Upload, EndsWithTheHorizonHoweverLongItWouldTake) {
  for (const char* holds : {"slot", "nothing", "worker"}) {
    SCOPED_TRACE(holds);
    const ReplicationRecord record =
        run(uploads(holds), {"load.up.size=const(1TiB)", "load.up.upload.chunk=1GiB"});
    EXPECT_EQ(record.loads[0].counts.in_flight, 10u);
    EXPECT_EQ(record.virtual_s, 100);
  }
}

}  // namespace
}  // namespace weir::sim
