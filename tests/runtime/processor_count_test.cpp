// How many processors a runtime has by default.

#include "weir/runtime/processor_count.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
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

TEST_F(ProcessorCount, SaysWhatItIgnores) {
  ::testing::internal::CaptureStderr();
  with("7x");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "weir: WEIR_PROCS=7x is ignored: it is no number from 1 to 1024\n");
}

TEST_F(ProcessorCount, GivesWayToTheOptions) {
  setenv("WEIR_PROCS", "3", 1);
  EXPECT_EQ(Runtime({.processors = 2}).processors(), 2);
}

// A machine of files: what /proc and /sys say to a process.
class Quota : public ::testing::Test {
 protected:
  Quota() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir_quota_XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~Quota() override { std::filesystem::remove_all(root_); }

  void file(const std::string& path, const std::string& text) const {
    const std::filesystem::path whole = root_ + path;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole) << text;
  }
  int processors() const { return quota_processors(root_); }

 private:
  std::string root_;
};

TEST_F(Quota, IsNoneWithoutControlGroups) {
  EXPECT_EQ(processors(), 0);
}

TEST_F(Quota, IsReadFromVersionTwo) {
  file("/proc/self/cgroup", "0::/job\n");
  file("/sys/fs/cgroup/job/cpu.max", "300000 100000\n");
  EXPECT_EQ(processors(), 3);
}

TEST_F(Quota, IsNoneIfVersionTwoSaysMax) {
  file("/proc/self/cgroup", "0::/job\n");
  file("/sys/fs/cgroup/job/cpu.max", "max 100000\n");
  EXPECT_EQ(processors(), 0);
}

TEST_F(Quota, CountsAPartOfAProcessorAsOne) {
  file("/proc/self/cgroup", "0::/\n");
  for (const auto& [quota, expected] : {std::pair("1000", 1), std::pair("100000", 1),
                                        std::pair("100001", 2), std::pair("150000", 2)}) {
    file("/sys/fs/cgroup/cpu.max", std::string(quota) + " 100000\n");
    EXPECT_EQ(processors(), expected) << quota;
  }
}

TEST_F(Quota, IsTheLeastOfNestedGroups) {
  file("/proc/self/cgroup", "0::/slice/service/job\n");
  file("/sys/fs/cgroup/slice/cpu.max", "200000 100000\n");
  file("/sys/fs/cgroup/slice/service/cpu.max", "max 100000\n");
  file("/sys/fs/cgroup/slice/service/job/cpu.max", "800000 100000\n");
  EXPECT_EQ(processors(), 2);
}

TEST_F(Quota, IsReadFromVersionOne) {
  file("/proc/self/cgroup", "5:memory:/box\n4:cpu,cpuacct:/box/job\n1:name=systemd:/box\n0::/\n");
  file("/sys/fs/cgroup/cpu,cpuacct/box/job/cpu.cfs_quota_us", "250000\n");
  file("/sys/fs/cgroup/cpu,cpuacct/box/job/cpu.cfs_period_us", "100000\n");
  file("/sys/fs/cgroup/memory/box/cpu.cfs_quota_us", "100000\n");
  file("/sys/fs/cgroup/memory/box/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(processors(), 3);
}

TEST_F(Quota, IsNoneIfVersionOneSaysMinusOne) {
  file("/proc/self/cgroup", "4:cpu:/job\n");
  file("/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
  file("/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(processors(), 0);
}

// In a container the path is often that of the machine, of which only the own group is mounted.
TEST_F(Quota, IsFoundWhereAContainerSeesItsOwnGroupOnly) {
  file("/proc/self/cgroup", "4:cpu,cpuacct:/docker/0123abcd\n");
  file("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n");
  file("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(processors(), 1);
}

TEST_F(Quota, IgnoresWhatItCannotRead) {
  file("/proc/self/cgroup", "nonsense\n\n0::/job\n");
  file("/sys/fs/cgroup/job/cpu.max", "plenty\n");
  EXPECT_EQ(processors(), 0);
}

}  // namespace
}  // namespace weir
