// Writes the blocks of C++ of a page as a source that can be compiled: extract PAGE SOURCE.
//
// A block that begins with a declaration stands in a namespace of its own, any other one in a
// coroutine of its own. Both see the names of prelude.h.

#include <cstdio>
#include <fstream>
#include <regex>
#include <string>

#include "tests/docs/markdown.h"

namespace weir::docs {
namespace {

bool is_of_declarations(const std::string& block) {
  static const std::regex declaration{
      R"(^(Task<|template|struct|class|enum|inline|const ContextKey|int \w+\(|void \w+\())"};
  return std::regex_search(block, declaration);
}

std::string source_of(const Page& page) {
  std::string text = "#include \"tests/snippets/prelude.h\"\n";
  int number = 0;
  for (const CodeBlock& block : code_blocks(page.text)) {
    if (block.language != "cpp" || block.text.starts_with("#include")) continue;
    text += "\n// Block " + std::to_string(++number) + " of C++ in " + page.path + ".\n";
    text += "namespace block_" + std::to_string(number) + " {\n";
    if (is_of_declarations(block.text)) {
      text += block.text;
    } else {
      text += "Task<> block() {\n" + block.text + "co_return;\n}\n";
    }
    text += "}\n";
  }
  return text;
}

}  // namespace
}  // namespace weir::docs

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  using namespace weir::docs;
  std::ofstream file(argv[2]);
  file << source_of({.path = argv[1], .text = read_text(argv[1])});
  return file.good() ? 0 : 1;
}
