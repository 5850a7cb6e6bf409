#include "weir/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace weir {

void check_failed(const char* condition, const char* cause, std::source_location where) {
  std::fprintf(stderr, "%s:%u: weir: %s (check failed: %s)\n", where.file_name(), where.line(),
               cause, condition);
  std::abort();
}

void check_failed(const char* condition, const char* cause, std::source_location where,
                  std::source_location earlier) {
  std::fprintf(stderr, "%s:%u: weir: %s (check failed: %s); see also %s:%u\n", where.file_name(),
               where.line(), cause, condition, earlier.file_name(), earlier.line());
  std::abort();
}

}  // namespace weir
