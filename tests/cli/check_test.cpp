// What weir check prints of a scenario: all that is said in it.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace weir::cli {
namespace {

// The lines that say what the scenario is, without the estimates behind them.
std::string shown(const std::vector<std::string>& assignments) {
  std::vector<std::string> words = {"check", "strategies"};
  for (const char* given :
       {"load.web.retry={max=1}", "load.web.size=const(1KiB)", "load.web.hedge={after='p95'}",
        "load.web.upload={bandwidth='const(1MB/s)', stall='1%: 1s'}",
        "balancer.admission={rate='token(1000/s, burst=50)'}",
        "fault=[{kind='crash', at='1s', for='1s', cold={factor=2, for='1s'}}]",
        "expect=[{metric='web.success', min='9%'}]"}) {
    words.insert(words.end(), {"--set", given});
  }
  for (const std::string& each : assignments) words.insert(words.end(), {"--set", each});
  const Ended ended = run_program(words);
  EXPECT_EQ(ended.code, 0) << ended.errors;
  const std::string text = ended.output;
  return text.substr(0, text.find("\nruns "));
}

TEST(Check, ShowsWhateverIsSaid) {
  const std::string plain = shown({});
  for (const char* said : {"horizon.stop={rel_ci='2%', of='web.response.p99'}",
                           "load.web.demand=request",
                           "load.web.cancel_on_timeout=false",
                           "load.web.retry.on=['error']",
                           "load.web.retry.budget=10%",
                           "load.web.retry.attempt_timeout=90ms",
                           "load.web.hedge.after=20ms",
                           "load.web.upload.chunk=1KiB",
                           "load.web.upload.stall=1%: 2s",
                           "load.web.upload.holds=nothing",
                           "load.web.priority=2",
                           "load.web.class=c",
                           "load.web.key=zipf(9)",
                           "balancer.queue.overflow=block",
                           "balancer.queue.discipline=lifo",
                           "balancer.admission.overflow=block",
                           "balancer.stale=1s",
                           "workers.fast.queue={limit=3}",
                           "workers.fast.weight=2",
                           "fault.0.replies=lost",
                           "fault.0.detect=2s",
                           "fault.0.cold={factor=3, for='1s'}",
                           "fault=[{kind='slow', at='1s', for='1s', factor=3}]",
                           "expect.0.confidence=99%"}) {
    EXPECT_NE(shown({said}), plain) << said;
  }
}

TEST(Check, SpellsOutAttemptsAndUploads) {
  const std::string text = shown({});
  EXPECT_NE(text.find("retries 1 on timeout, error, refused after exp(25ms, x2, cap=250ms, "
                      "jitter=full), budget 20%, hedges 1 after p95, uploads at const(1MB/s) in "
                      "chunks of 64KiB, of which 1% stall for const(1s), holding a slot"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("fault     crash of *, then cold: 2 times slower for 1s, at 1s for 1s\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace weir::cli
