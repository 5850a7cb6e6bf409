// How many processors a runtime has by default.

#include "weir/runtime/processor_count.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "weir/runtime/run.h"

namespace weir {
namespace {

class ProcessorCount : public ::testing::Test {
 protected:
  ProcessorCount() {
    if (const char* text = std::getenv("WEIR_PROCS")) before_ = text;
    unsetenv("WEIR_PROCS");
  }
  ~ProcessorCount() override {
    unsetenv("WEIR_PROCS");
    if (!before_.empty()) setenv("WEIR_PROCS", before_.c_str(), 1);
  }
  static int with(const char* text) {
    setenv("WEIR_PROCS", text, 1);
    return default_processors();
  }

 private:
  std::string before_;
};

TEST_F(ProcessorCount, IsAtLeastOne) {
  EXPECT_GE(default_processors(), 1);
}

TEST_F(ProcessorCount, FollowsTheEnvironment) {
  EXPECT_EQ(with("3"), 3);
  EXPECT_EQ(with("1024"), 1024);
  EXPECT_EQ(Runtime().processors(), 1024);
}

TEST_F(ProcessorCount, IgnoresWhatIsNoNumberFromOneToAThousand) {
  const int usual = default_processors();
  for (const char* text : {"", "0", "-2", "1025", "two", "7x", "99999999999999999999"}) {
    EXPECT_EQ(with(text), usual) << '"' << text << '"';
  }
}

TEST_F(ProcessorCount, GivesWayToTheOptions) {
  setenv("WEIR_PROCS", "3", 1);
  EXPECT_EQ(Runtime({.processors = 2}).processors(), 2);
}

}  // namespace
}  // namespace weir
