// The whole command line inside another program, with policies of its own.

#include "weir/cli/run.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/cli/tiny_scenario.h"
#include "tests/support/folder.h"
#include "weir/balance.h"

namespace weir::cli {
namespace {

using nlohmann::json;

class First final : public balance::Policy {
 public:
  balance::Decision pick(const balance::Request&, const balance::View&, Random&) override {
    return balance::Decision::send(0);
  }
};

class Broken final : public balance::Policy {
 public:
  balance::Decision pick(const balance::Request&, const balance::View&, Random&) override {
    throw std::runtime_error("no idea");
  }
};

class Run : public testing::Test {
 protected:
  Run() {
    catalog_.add("first", "always the first worker", balance::custom<First>("first"));
    catalog_.add("broken", "never knows", balance::custom<Broken>("broken"));
  }

  int run_words(std::vector<const char*> words) {
    words.insert(words.begin(), "mine");
    words.push_back(nullptr);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(static_cast<int>(words.size()) - 1, words.data(), catalog_);
    output_ = testing::internal::GetCapturedStdout();
    errors_ = testing::internal::GetCapturedStderr();
    return code;
  }

  Folder folder_;
  std::string file_ = folder_.write("tiny.toml", tiny_scenario());
  balance::Catalog catalog_ = balance::Catalog::standard();
  std::string output_;
  std::string errors_;
};

TEST_F(Run, KnowsThePoliciesOfTheCaller) {
  EXPECT_EQ(run_words({"run", file_.c_str(), "--policy", "first", "--json", "-"}), 0);
  EXPECT_EQ(json::parse(output_)["policy"], "first");
}

TEST_F(Run, TakesThemFromTheScenarioToo) {
  EXPECT_EQ(run_words({"run", file_.c_str(), "--set", "balancer.policy=first", "--json", "-"}), 0);
  EXPECT_EQ(json::parse(output_)["policy"], "first");
}

TEST_F(Run, ListsThePoliciesOfTheCaller) {
  EXPECT_EQ(run_words({"list"}), 0);
  EXPECT_NE(output_.find("always the first worker"), std::string::npos);
}

TEST_F(Run, GivesUpWhenAPolicyThrows) {
  EXPECT_EQ(run_words({"run", file_.c_str(), "--policy", "broken"}), 3);
  EXPECT_EQ(output_, "");
  EXPECT_NE(errors_.find("no idea"), std::string::npos) << errors_;
}

TEST_F(Run, MayBeCalledAgain) {
  EXPECT_EQ(run_words({"run", file_.c_str(), "--seed", "x"}), 2);
  EXPECT_EQ(run_words({"run", file_.c_str(), "--json", "-"}), 0);
  const std::string first = json::parse(output_)["run_hash"];
  EXPECT_EQ(run_words({"run", file_.c_str(), "--json", "-"}), 0);
  EXPECT_EQ(json::parse(output_)["run_hash"], first);
}

}  // namespace
}  // namespace weir::cli
