#include "weir/cli/colour.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace weir::cli {

bool wants_colour() {
  const char* const refused = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace weir::cli
