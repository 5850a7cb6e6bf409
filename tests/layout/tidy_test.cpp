// Every file keeps to the rules of tidiness.h, and every rule catches what it is there for.

#include <gtest/gtest.h>

#include <functional>

#include "tests/layout/tidiness.h"

namespace weir::layout {
namespace {

using Rule = std::function<Findings(const SourceFile&)>;

std::string broken(const Rule& rule, const std::string& path, const std::string& text) {
  return describe(rule(SourceFile(path, text)));
}

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "  a();\n";
  return text;
}

void expect_tidy(const Rule& rule) {
  static const std::vector<SourceFile> files = read_files(
      WEIR_SOURCE_DIR,
      {"src", "tests", "bench", "examples", "cmake", "docs", "scenarios", "web", ".ci", "dev",
       "CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"});
  ASSERT_GT(files.size(), 20U);
  Findings findings;
  for (const SourceFile& file : files) {
    for (Finding& found : rule(file)) findings.push_back(std::move(found));
  }
  EXPECT_EQ(describe(findings), "");
}

TEST(Tidy, NoLineIsTooLong) {
  expect_tidy(check_columns);
}

TEST(Tidy, NoFileIsTooLong) {
  expect_tidy(check_file_size);
}

TEST(Tidy, NoFunctionIsTooLong) {
  expect_tidy(check_function_sizes);
}

TEST(Tidy, NoBannedWordIsUsed) {
  expect_tidy(check_words);
}

TEST(Tidy, NoNameIsEmptyOfMeaning) {
  expect_tidy(check_names);
}

TEST(Tidy, NothingIsLeftBehind) {
  expect_tidy(check_leftovers);
}

TEST(Columns, FindALineOfMoreThanAHundred) {
  EXPECT_EQ(broken(check_columns, "a.h", std::string(100, 'a') + "\n"), "");
  EXPECT_EQ(broken(check_columns, "a.h", "\n" + std::string(101, 'a') + "\n"),
            "a.h:2: longer than 100\n");
}

TEST(Columns, CountCharactersAndNotBytes) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "µ";
  EXPECT_EQ(broken(check_columns, "a.h", text), "");
}

TEST(Columns, LeaveProseAlone) {
  EXPECT_EQ(broken(check_columns, "a.md", std::string(200, 'a')), "");
}

TEST(FileSize, DependsOnTheKindOfFile) {
  EXPECT_EQ(broken(check_file_size, "src/a.h", lines(300)), "");
  EXPECT_EQ(broken(check_file_size, "src/a.h", lines(301)),
            "src/a.h: 301 lines; the stop is 300\n");
  EXPECT_EQ(broken(check_file_size, "src/a.cpp", lines(500)), "");
  EXPECT_NE(broken(check_file_size, "src/a.cpp", lines(501)), "");
  EXPECT_EQ(broken(check_file_size, "tests/a.cpp", lines(800)), "");
  EXPECT_NE(broken(check_file_size, "tests/a.cpp", lines(801)), "");
  EXPECT_EQ(broken(check_file_size, "examples/01_a.cpp", lines(60)), "");
  EXPECT_NE(broken(check_file_size, "examples/01_a.cpp", lines(61)), "");
}

TEST(FunctionSize, CountsFromTheFirstLineToTheBrace) {
  EXPECT_EQ(broken(check_function_sizes, "a.cpp", "int f() {\n" + lines(68) + "}\n"), "");
  EXPECT_EQ(broken(check_function_sizes, "a.cpp", "\nint f() {\n" + lines(69) + "}\n"),
            "a.cpp:2: a function of 71 lines; the stop is 70\n");
}

TEST(FunctionSize, LooksIntoNamespacesAndClasses) {
  const std::string method = "void f() const {\n" + lines(70) + "}\n";

  EXPECT_NE(broken(check_function_sizes, "a.h", "namespace a::b {\n" + method + "}\n"), "");
  EXPECT_NE(broken(check_function_sizes, "a.h", "class A final : public B {\n" + method + "};\n"),
            "");
  EXPECT_NE(
      broken(check_function_sizes, "a.h", "template <class T>\nT g() {\n" + lines(70) + "}\n"), "");
}

TEST(FunctionSize, DoesNotCountContainersAndTables) {
  for (const std::string opening :
       {"namespace a {", "class A {", "template <class T>\nstruct B : C<T> {", "enum class D {",
        "extern \"C\" {", "public:\nstruct E {", "template <class T>\nrequires F<T>\nclass G {",
        "const int table[] = {"}) {
    EXPECT_EQ(broken(check_function_sizes, "a.h", opening + "\n" + lines(80) + "};\n"), "");
  }
}

TEST(FunctionSize, DoesNotCountTheDataInside) {
  const std::string rows = "f({\n" + lines(60) + "});\n";
  const std::string literal = "f(R\"x(\n" + lines(60) + ")x\");\n";

  EXPECT_EQ(broken(check_function_sizes, "a.cpp", "int f() {\n" + rows + lines(50) + "}\n"), "");
  EXPECT_EQ(broken(check_function_sizes, "a.cpp", "int f() {\n" + literal + lines(50) + "}\n"), "");
  EXPECT_NE(broken(check_function_sizes, "a.cpp", "int f() {\n" + rows + lines(70) + "}\n"), "");
  EXPECT_NE(broken(check_function_sizes, "a.cpp", "int f() {\n" + literal + lines(70) + "}\n"), "");
}

TEST(FunctionSize, CountsDataInsideDataOnce) {
  const std::string rows = "return {\n{.a = R\"x(\n" + lines(60) + ")x\",\n.b = {{1}, {2}}},\n};\n";

  EXPECT_EQ(broken(check_function_sizes, "a.cpp", "int f() {\n" + rows + "}\n"), "");
}

TEST(FunctionSize, IsNotMisledByLiteralsCommentsAndMacros) {
  const std::string braces = "f(\"}\");  // }\n#define A }\n#define B \\\n  }\nchar c = '}';\n";

  EXPECT_NE(broken(check_function_sizes, "a.cpp", "int f() {\n" + braces + lines(70) + "}\n"), "");
}

TEST(Words, SharedStateIsBannedFromTheFloorsOfTheMessage) {
  for (const std::string word :
       {"std::mutex m;", "std::atomic<int> a;", "std::atomic_flag a;", "std::scoped_lock l(m);",
        "std::jthread t;", "std::condition_variable_any c;", "thread_local int a;",
        "#include <mutex>", "#include <atomic>", "std::this_thread::yield();"}) {
    for (const std::string floor : {"balance", "pool", "rpc", "sim"}) {
      EXPECT_NE(broken(check_words, "src/weir/" + floor + "/a.cpp", word), "") << floor << word;
    }
    EXPECT_EQ(broken(check_words, "src/weir/runtime/a.cpp", word), "") << word;
  }
}

TEST(Words, ABanNamesThePlaceAndTheReplacement) {
  EXPECT_EQ(broken(check_words, "src/weir/rpc/a.h", "\nstd::mutex m;\n"),
            "src/weir/rpc/a.h:2: std::mutex: a task owns what it changes: use channels, not shared "
            "state\n");
}

TEST(Words, OnlyOneFileReadsAClock) {
  for (const std::string call :
       {"auto t = std::chrono::steady_clock::now();", "using C = std::chrono::system_clock;",
        "clock_gettime(CLOCK_MONOTONIC, &t);", "std::time(nullptr);", "time(NULL);",
        "std::clock();"}) {
    EXPECT_NE(broken(check_words, "src/weir/cli/a.cpp", call), "") << call;
    EXPECT_NE(broken(check_words, "tests/sync/a.cpp", call), "") << call;
    EXPECT_EQ(broken(check_words, "src/weir/runtime/clock.cpp", call), "") << call;
  }
}

TEST(Words, TestsDoNotSleep) {
  EXPECT_NE(broken(check_words, "tests/sync/a.cpp", "std::this_thread::sleep_for(1ms);"), "");
  EXPECT_NE(broken(check_words, "tests/sync/a.cpp", "usleep(1);"), "");
  EXPECT_EQ(broken(check_words, "tests/sync/a.cpp", "co_await sleep(1ms);"), "");
}

TEST(Words, FencesAreBannedButWhereTheKernelMakesTheOtherHalf) {
  for (const std::string path : {"src/weir/runtime/a.h", "tests/a.cpp", "bench/a.cpp"}) {
    EXPECT_NE(broken(check_words, path, "std::atomic_thread_fence(order);"), "") << path;
  }
  EXPECT_EQ(broken(check_words, "src/weir/runtime/lone_thread.h", "atomic_signal_fence(order);"),
            "");
}

TEST(Words, RandomNumbersAreOurOwn) {
  EXPECT_NE(broken(check_words, "src/weir/sim/a.cpp", "std::exponential_distribution<> d;"), "");
  EXPECT_NE(broken(check_words, "src/weir/cli/a.cpp", "std::random_device d;"), "");
}

TEST(Words, MayStandInCommentsAndLiterals) {
  EXPECT_EQ(broken(check_words, "src/weir/rpc/a.h", "// no std::mutex here\n"), "");
  EXPECT_EQ(broken(check_words, "src/weir/rpc/a.h", "f(\"std::mutex\");\n"), "");
}

TEST(Names, FoldersAndNamespacesSayWhatIsInThem) {
  EXPECT_NE(broken(check_names, "src/weir/sync/detail/a.h", ""), "");
  EXPECT_NE(broken(check_names, "src/weir/util/a.h", ""), "");
  EXPECT_EQ(broken(check_names, "src/weir/sync/detail.h", ""), "");
  EXPECT_NE(broken(check_names, "src/weir/sync/a.h", "namespace weir::detail {"), "");
  EXPECT_EQ(broken(check_names, "src/weir/sync/a.h", "namespace weir::details_of_life {"), "");
}

TEST(Leftovers, WhiteSpaceAtTheEndIsFoundInEveryLanguage) {
  EXPECT_EQ(broken(check_leftovers, "a.md", "a\nb \n"), "a.md:2: white space at the end\n");
  EXPECT_NE(broken(check_leftovers, "a.cpp", "a\r\n"), "");
  EXPECT_NE(broken(check_leftovers, "a.cpp", "\ta\n"), "");
}

TEST(Leftovers, AToDoNamesItsKindAndIssue) {
  const std::string word = "TO" + std::string{"DO"};

  EXPECT_NE(broken(check_leftovers, "a.cpp", "// " + word + ": later\n"), "");
  EXPECT_EQ(broken(check_leftovers, "a.cpp", "// " + word + "(perf, #12): later\n"), "");
  EXPECT_EQ(broken(check_leftovers, "a.cpp", "int " + word + ";\n"), "");
}

TEST(Leftovers, APathOfOneMachineIsFound) {
  const std::string home = "/home" + std::string{"/ada"};

  EXPECT_EQ(broken(check_leftovers, "a.md", "cd " + home + "\n"),
            "a.md:1: a path of one machine\n");
  EXPECT_NE(broken(check_leftovers, "a.cpp", "f(\"" + home + "\");\n"), "");
  EXPECT_EQ(broken(check_leftovers, "a.md", "cd weir" + home + "\n"), "");
}

}  // namespace
}  // namespace weir::layout
