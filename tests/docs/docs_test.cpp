// What the documentation shows is true of the files beside it and of the program.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "tests/docs/markdown.h"
#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/cli/prepare.h"
#include "weir/cli/replay_plan.h"
#include "weir/cli/sweep_plan.h"

namespace weir::docs {
namespace {

// What is wrong with the words of a command line of weir; empty if it could be run.
std::string complaint(const std::vector<std::string>& words) {
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  const auto arguments = cli::parse_arguments(static_cast<int>(argv.size()), argv.data());
  if (!arguments) return arguments.error().text;
  using Command = cli::Arguments::Command;
  if (arguments->command == Command::list || arguments->command == Command::validate ||
      arguments->command == Command::bench) {
    return {};
  }
  if (arguments->command == Command::sweep) {
    const auto plan = cli::plan_sweep(*arguments, balance::Catalog::standard());
    return plan ? std::string() : plan.error();
  }
  if (arguments->command == Command::replay) {
    const auto plan = cli::plan_replay(*arguments, balance::Catalog::standard());
    return plan ? std::string() : plan.error();
  }
  const auto experiments = cli::prepare_experiments(*arguments, balance::Catalog::standard());
  return experiments ? std::string() : experiments.error();
}

TEST(Readme, ShowsTheFirstLessonWordForWord) {
  const auto blocks = code_blocks(read_text("README.md"));
  const auto program = std::ranges::find(blocks, "cpp", &CodeBlock::language);

  ASSERT_NE(program, blocks.end());
  EXPECT_EQ(program->text, read_text("examples/01_hello_task.cpp"));
}

TEST(Readme, NamesEveryLesson) {
  const auto links = linked_files(read_text("README.md"));
  const std::filesystem::path folder = std::filesystem::path(WEIR_SOURCE_DIR) / "examples";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = "examples/" + entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.starts_with("examples/01_")) continue;
    EXPECT_TRUE(std::ranges::find(links, name) != links.end()) << name;
  }
}

TEST(Docs, GiveCommandsThatCanBeRun) {
  std::filesystem::current_path(WEIR_SOURCE_DIR);
  std::size_t count = 0;
  for (const Page& page : read_pages()) {
    for (const std::string& line : commands(page.text, "weir")) {
      EXPECT_EQ(complaint(shell_words(line)), "") << page.path << ": " << line;
      ++count;
    }
  }
  EXPECT_GE(count, 10U);
}

TEST(Docs, ShowTheScenariosAmongTheExamplesWordForWord) {
  const std::string laboratory = read_text("docs/laboratory.md");
  for (const char* file : {"examples/shop.toml", "examples/bad_day.toml"}) {
    EXPECT_NE(laboratory.find("```toml\n" + read_text(file) + "```\n"), std::string::npos) << file;
  }
}

TEST(Docs, GiveCommandsOfTheDoorThatItHas) {
  const std::string door = read_text("dev");
  std::size_t count = 0;
  for (const Page& page : read_pages()) {
    for (const std::string& line : commands(page.text, "./dev")) {
      const auto words = shell_words(line);
      ASSERT_GE(words.size(), 2U) << page.path << ": " << line;
      EXPECT_NE(door.find("\n  " + words[1] + " "), std::string::npos) << page.path << ": " << line;
      ++count;
    }
  }
  EXPECT_GE(count, 3U);
}

TEST(Docs, LinkToFilesThatExist) {
  std::size_t count = 0;
  for (const Page& page : read_pages()) {
    const auto folder = (std::filesystem::path(WEIR_SOURCE_DIR) / page.path).parent_path();
    for (const std::string& target : linked_files(page.text)) {
      EXPECT_TRUE(std::filesystem::exists(folder / target)) << page.path << ": " << target;
      ++count;
    }
  }
  EXPECT_GE(count, 40U);
}

// The comments that lessons end in, which the suite compares with what they print.
std::string what_lessons_print() {
  std::string text;
  const std::filesystem::path folder = std::filesystem::path(WEIR_SOURCE_DIR) / "examples";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp")) continue;
    const std::string lesson = read_text("examples/" + name);
    std::istringstream lines(lesson.substr(lesson.find("// Output:\n")));
    for (std::string line; std::getline(lines, line);) {
      text += line.substr(std::min<std::size_t>(3, line.size())) + '\n';
    }
  }
  return text;
}

// The parts of a block between lines that leave something out.
std::vector<std::string> parts(const std::string& block) {
  std::vector<std::string> found{""};
  std::istringstream lines(block);
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(std::min(line.find_first_not_of(' '), line.size())) == "…") {
      found.emplace_back();
    } else {
      found.back() += line + '\n';
    }
  }
  return found;
}

// A block that names a place in a source is something that a program has printed.
TEST(Docs, ShowReportsAsLessonsPrintThem) {
  const std::string printed = what_lessons_print();
  std::size_t count = 0;
  for (const Page& page : read_pages()) {
    for (const CodeBlock& block : code_blocks(page.text)) {
      if (!block.language.empty() || block.text.find(".cpp:") == std::string::npos) continue;
      for (const std::string& part : parts(block.text)) {
        EXPECT_NE(printed.find(part), std::string::npos) << page.path << ":\n" << part;
      }
      ++count;
    }
  }
  EXPECT_GE(count, 4U);
}

TEST(Docs, DescribeEveryPolicy) {
  const std::string page = read_text("docs/policies.md");
  const auto catalog = balance::Catalog::standard();
  for (const auto& entry : catalog.entries()) {
    EXPECT_NE(page.find("\n## " + entry.name + "\n"), std::string::npos) << entry.name;
  }
}

TEST(ShellWords, AreThoseOfAShell) {
  EXPECT_EQ(shell_words("weir run  pike --set a='b c' | jq .x"),
            (std::vector<std::string>{"weir", "run", "pike", "--set", "a=b c"}));
  EXPECT_EQ(shell_words("weir list  # what there is"), (std::vector<std::string>{"weir", "list"}));
}

TEST(Markdown, TellsCodeFromProse) {
  const std::string page = "see [a](b.md#part) and [w](https://w)\n```sh\nweir x\n[c](d)\n```\n";
  EXPECT_EQ(linked_files(page), std::vector<std::string>{"b.md"});
  EXPECT_EQ(commands(page, "weir"), std::vector<std::string>{"weir x"});
}

}  // namespace
}  // namespace weir::docs
