#include "weir/cli/policy_list.h"

#include <cstddef>

#include "weir/base/text.h"

namespace weir::cli {

std::vector<std::string> split_policies(std::string_view list) {
  std::vector<std::string> policies;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '(') ++depth;
    if (list[i] == ')' && depth > 0) --depth;
    if (list[i] != ',' || depth > 0) continue;
    policies.emplace_back(trimmed(list.substr(begin, i - begin)));
    begin = i + 1;
  }
  policies.emplace_back(trimmed(list.substr(begin)));
  return policies;
}

}  // namespace weir::cli
