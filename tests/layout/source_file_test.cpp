#include "tests/layout/source_file.h"

#include <gtest/gtest.h>

namespace weir::layout {
namespace {

std::string code_of(const std::string& text) {
  return SourceFile("a.cpp", text).code.at(0);
}

std::string comment_of(const std::string& text) {
  return SourceFile("a.cpp", text).comments.at(0);
}

TEST(SourceFile, SeparatesCodeFromComments) {
  EXPECT_EQ(code_of("int a;  // b"), "int a;      ");
  EXPECT_EQ(comment_of("int a;  // b"), "        // b");
  EXPECT_EQ(code_of("f(/* b */ c)"), "f(        c)");
  EXPECT_EQ(comment_of("f(/* b */ c)"), "  /* b */   ");
}

TEST(SourceFile, BlanksTheInsidesOfLiterals) {
  EXPECT_EQ(code_of(R"(f("{\"//", '{'))"), R"(f("     ", ' '))");
}

TEST(SourceFile, BlanksRawLiteralsOverSeveralLines) {
  const SourceFile file("a.cpp", "a = R\"x({\n)\" {\n)x\"; }\n");

  EXPECT_EQ(file.code, (std::vector<std::string>{"a = R\"   ", "    ", "  \"; }"}));
}

TEST(SourceFile, TakesAnApostropheBetweenDigitsForASeparator) {
  EXPECT_EQ(code_of("int a = 1'000; b"), "int a = 1'000; b");
}

TEST(SourceFile, KeepsTheLinesOfABlockComment) {
  const SourceFile file("a.cpp", "/* one\n   two */ int a;\n");

  EXPECT_EQ(file.comments, (std::vector<std::string>{"/* one", "   two */       "}));
  EXPECT_EQ(file.code, (std::vector<std::string>{"      ", "          int a;"}));
}

TEST(SourceFile, TakesAllOfAnotherLanguageForComment) {
  const SourceFile file("notes.md", "a \"b\"\n");

  EXPECT_EQ(file.comments, file.lines);
  EXPECT_TRUE(file.code.empty());
}

TEST(SourceFile, KnowsItsFloor) {
  EXPECT_EQ(SourceFile("src/weir/sync/channel.h", "").floor(), "sync");
  EXPECT_EQ(SourceFile("src/weir/weir.h", "").floor(), "");
  EXPECT_EQ(SourceFile("tests/sync/channel_test.cpp", "").floor(), "");
}

}  // namespace
}  // namespace weir::layout
