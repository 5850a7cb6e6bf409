#include "weir/cli/output_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/folder.h"

namespace weir::cli {
namespace {

TEST(OutputFile, ReplacesWhatWasThere) {
  const Folder folder;
  const std::string path = folder.write("result.json", "a much longer text than the new one");

  const auto file = OutputFile::open(path);

  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->write("new").has_value());
  EXPECT_EQ(folder.read("result.json"), "new");
}

TEST(OutputFile, LeavesTheFileAloneUntilItIsWritten) {
  const Folder folder;
  const std::string path = folder.write("result.json", "old");

  const auto file = OutputFile::open(path);

  EXPECT_TRUE(file.has_value());
  EXPECT_EQ(folder.read("result.json"), "old");
}

TEST(OutputFile, LeavesNothingBesideIt) {
  const Folder folder;

  const auto file = OutputFile::open(folder.path("result.json"));

  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(folder.empty());
  ASSERT_TRUE(file->write("text").has_value());
  std::filesystem::remove(folder.path("result.json"));
  EXPECT_TRUE(folder.empty());
}

TEST(OutputFile, FollowsALink) {
  const Folder folder;
  folder.write("target.json", "old");
  std::filesystem::create_symlink("target.json", folder.path("link.json"));

  const auto file = OutputFile::open(folder.path("link.json"));

  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->write("new").has_value());
  EXPECT_EQ(folder.read("target.json"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link.json")));
}

TEST(OutputFile, WritesIntoADevice) {
  const auto file = OutputFile::open("/dev/null");

  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->write("text").has_value());
  EXPECT_FALSE(std::filesystem::is_regular_file("/dev/null"));
}

TEST(OutputFile, SaysThatADeviceIsFull) {
  const auto file = OutputFile::open("/dev/full");

  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->write("text").error(), "cannot write '/dev/full': No space left on device");
}

TEST(OutputFile, IsNoFolder) {
  const Folder folder;

  const auto file = OutputFile::open(folder.path());

  EXPECT_EQ(file.error(), "cannot write '" + folder.path() + "': Is a directory");
}

TEST(OutputFile, NeedsItsFolder) {
  const Folder folder;

  const auto file = OutputFile::open(folder.path("none/result.json"));

  EXPECT_EQ(file.error(),
            "cannot write '" + folder.path("none/result.json") + "': No such file or directory");
}

}  // namespace
}  // namespace weir::cli
