// Whatever is wrong with the input is one line on standard error, nothing on standard output, and
// exit code 2: before anything starts.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/cli/program.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

// The one line, without "weir: " before it and the newline behind.
std::string complaint(const std::vector<std::string>& arguments) {
  const Ended ended = run_program(arguments);
  EXPECT_EQ(ended.code, 2) << "signal " << ended.signal;
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(std::ranges::count(ended.errors, '\n'), 1) << ended.errors;
  EXPECT_TRUE(ended.errors.starts_with("weir: ") && ended.errors.ends_with('\n')) << ended.errors;
  return ended.errors.substr(6, ended.errors.size() - 7);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What is wrong with the shipped scenario when `assignment` is laid over it.
std::string complaint_of_set(const std::string& assignment) {
  const std::string line = complaint({"run", "strategies", "--set", assignment});
  EXPECT_TRUE(line.starts_with("--set " + assignment + ": ")) << line;
  return line;
}

// What is wrong with a file of that text.
std::string complaint_of_file(const std::string& text) {
  const Folder folder;
  const std::string path = folder.write("mine.toml", text);
  const std::string line = complaint({"run", path});
  EXPECT_TRUE(line.starts_with(path + ":")) << line;
  return line.substr(std::min(line.size(), path.size()));
}

TEST(BadInput, NoArguments) {
  EXPECT_TRUE(holds(complaint({}), "say what to do"));
}

TEST(BadInput, UnknownCommand) {
  EXPECT_EQ(complaint({"rum"}), "there is no command 'rum'; did you mean 'run'?");
}

TEST(BadInput, MissingScenario) {
  EXPECT_TRUE(holds(complaint({"run"}), "takes a scenario"));
}

TEST(BadInput, MissingFile) {
  EXPECT_EQ(complaint({"run", "/none/such.toml"}),
            "there is no scenario '/none/such.toml', as a file or shipped; 'weir list' "
            "names those that are shipped");
}

TEST(BadInput, MisspeltShippedScenario) {
  for (const char* command : {"run", "check"}) {
    EXPECT_EQ(complaint({command, "strateges"}),
              "there is no scenario 'strateges', as a file or shipped; did you mean 'strategies'?");
  }
}

TEST(BadInput, FolderInsteadOfAFile) {
  const Folder folder;
  EXPECT_EQ(complaint({"run", folder.path()}),
            "cannot read '" + folder.path() + "': Is a directory");
}

TEST(BadInput, UnreadableFile) {
  const Folder folder;
  std::filesystem::create_symlink("loop", folder.path("loop"));
  EXPECT_EQ(complaint({"run", folder.path("loop")}),
            "cannot read '" + folder.path("loop") + "': Too many levels of symbolic links");
}

TEST(BadInput, ForbiddenFile) {
  const Folder folder;
  const std::string path = folder.write("secret.toml", "weir = 1\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  const bool root = ::geteuid() == 0;  // Whom nothing is forbidden: then it is read, and is short.
  EXPECT_TRUE(holds(complaint({"run", path}), root ? "is missing" : "Permission denied"));
}

TEST(BadInput, EmptyFile) {
  EXPECT_TRUE(complaint_of_file("").starts_with(":1:1: 'weir' is missing"));
}

TEST(BadInput, BrokenToml) {
  EXPECT_TRUE(complaint_of_file("weir = 1\n[horizon\n").starts_with(":2:"));
}

TEST(BadInput, BinaryFile) {
  complaint_of_file(std::string("\0\xff\x80\x01", 4));
}

TEST(BadInput, EndlessFile) {
  EXPECT_TRUE(holds(complaint({"run", "/dev/zero"}), "/dev/zero"));
}

TEST(BadInput, UnknownKey) {
  const std::string line = complaint_of_file("weir = 1\nsede = 3\n");
  EXPECT_TRUE(line.starts_with(":2:1: ") && holds(line, "did you mean 'seed'?")) << line;
}

TEST(BadInput, NegativeRate) {
  complaint_of_set("load.web.arrival=poisson(-700/s)");
}

TEST(BadInput, NoWorkers) {
  complaint_of_set("workers.fast.count=0");
  complaint_of_set("workers.fast.count=-1");
}

TEST(BadInput, AbsurdSizes) {
  for (const char* assignment :
       {"workers.fast.count=99999999999", "horizon.time=1e300s", "horizon.replications=4294967297",
        "load.web.service=exp(1e400s)", "load.web.arrival=poisson(1e300/s)",
        "balancer.queue.limit=1e99", "workers.fast.speed=1e-300"}) {
    complaint_of_set(assignment);
  }
  EXPECT_EQ(complaint({"run", "strategies", "--set", "workers.fast.count=100000"}),
            "strategies.toml:48:1: all workers together must be at most 100000");
  complaint({"run", "pike", "--replications", "1000000000000"});
  complaint({"run", "pike", "--jobs", "1000000000000"});
}

TEST(BadInput, NumbersThatAreNone) {
  for (const char* assignment :
       {"workers.fast.speed=nan", "workers.fast.speed=inf", "workers.fast.count=many"}) {
    complaint_of_set(assignment);
  }
}

TEST(BadInput, OverrideWithoutAnEqualsSign) {
  EXPECT_EQ(complaint({"run", "pike", "--set", "seed"}), "--set takes KEY=VALUE, not 'seed'");
}

TEST(BadInput, OverrideOfAnUnknownKey) {
  EXPECT_TRUE(holds(complaint_of_set("balancer.polciy=p2c"), "did you mean 'policy'?"));
}

TEST(BadInput, OverrideWithoutAKey) {
  complaint({"run", "pike", "--set", "=3"});
  complaint({"run", "pike", "--set", "..=3"});
}

TEST(BadInput, LineBreaksInAWord) {
  EXPECT_EQ(
      complaint({"run", "pike\nweir\r\t"}),
      "there is no scenario 'pike weir  ', as a file or shipped; 'weir list' names those that "
      "are shipped");
}

TEST(BadInput, UnknownPolicy) {
  const std::string expected = "there is no policy 'p2x'; did you mean 'p2c'?";
  EXPECT_TRUE(complaint({"run", "pike", "--policy", "p2x"}).starts_with(expected));
  EXPECT_TRUE(complaint({"compare", "pike", "--policies", "random,p2x"}).starts_with(expected));
  EXPECT_TRUE(holds(complaint_of_set("balancer.policy=p2x"), expected));
}

TEST(BadInput, BadParameterOfAPolicy) {
  for (const char* policy : {"p2c(d=0)", "p2c(d=x)", "p2c(e=3)", "p2c(d=3", "random(d=2)"}) {
    complaint({"run", "pike", "--policy", policy});
  }
}

TEST(BadInput, BadListOfPolicies) {
  complaint({"compare", "pike"});
  complaint({"compare", "pike", "--policies", ""});
  complaint({"compare", "pike", "--policies", "p2c,"});
  complaint({"compare", "pike", "--policies", "p2c"});
  EXPECT_EQ(complaint({"compare", "pike", "--policies", "p2c,random,p2c"}),
            "--policies names 'p2c' twice");
}

TEST(BadInput, JsonWhereNothingCanBeWritten) {
  for (const char* option : {"--json", "--trace"}) {
    EXPECT_EQ(complaint({"run", "pike", option, "/none/such/file.json"}),
              "cannot write '/none/such/file.json': No such file or directory");
  }
  const Folder folder;
  EXPECT_EQ(complaint({"run", "pike", "--json", folder.path()}),
            "cannot write '" + folder.path() + "': Is a directory");
}

}  // namespace
}  // namespace weir::cli
