#include "weir/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "weir/base/last_words.h"

namespace weir {

void check_failed(const char* condition, const char* cause, std::source_location where) {
  std::fprintf(stderr, "%s:%u: weir: %s (check failed: %s)\n", where.file_name(), where.line(),
               cause, condition);
  say_last_words();
  std::abort();
}

void check_failed(const char* condition, const char* cause, std::source_location where,
                  std::source_location earlier) {
  std::fprintf(stderr, "%s:%u: weir: %s (check failed: %s); see also %s:%u\n", where.file_name(),
               where.line(), cause, condition, earlier.file_name(), earlier.line());
  say_last_words();
  std::abort();
}

}  // namespace weir
