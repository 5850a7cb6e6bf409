// What a fork leaves of the runtime: nothing. A child may run programs of its own, not its
// parent's.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "weir/runtime/blocking.h"
#include "weir/runtime/run.h"

// The thread sanitizer takes a child that starts threads for a mistake unless it is told otherwise;
// without it nobody calls this.
extern "C" const char* __tsan_default_options() {
  return "die_after_fork=0";
}

namespace weir {
namespace {

int exit_status(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Task<int> seven() {
  co_await sleep(1us);
  co_return co_await blocking([] { return 7; });
}

TEST(Fork, LeavesTheChildFreeToRunItsOwnTasks) {
  EXPECT_EQ(run(seven(), {.processors = 2}), 7);
  const pid_t child = fork();
  if (child == 0) _exit(run(seven(), {.processors = 2}));
  EXPECT_EQ(exit_status(child), 7);
}

TEST(Fork, MayComeFromATaskWhoseChildLeavesAtOnce) {
  auto root = []() -> Task<int> {
    co_await yield();
    const pid_t child = fork();
    if (child == 0) _exit(5);
    co_return co_await blocking([&] { return exit_status(child); });
  };
  EXPECT_EQ(run(root(), {.processors = 2}), 5);
}

TEST(Fork, StopsAChildThatGoesOnInItsParentsRun) {
  auto goes_on = []() -> Task<> {
    co_await yield();
    const pid_t child = fork();
    if (child == 0) co_await sleep(1h);
    EXPECT_EQ(exit_status(child), -SIGABRT);
  };
  run(goes_on(), {.processors = 2});
}

}  // namespace
}  // namespace weir
