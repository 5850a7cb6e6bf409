#include "weir/cli/bench_machine.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "weir/runtime/processor_count.h"

namespace weir::cli {
namespace {

#if defined(__clang__)
constexpr const char* compiler = "clang " __clang_version__;
#else
constexpr const char* compiler = "g++ " __VERSION__;
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_BENCH_SANITIZER "address"
#elif __has_feature(thread_sanitizer)
#define WEIR_BENCH_SANITIZER "thread"
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WEIR_BENCH_SANITIZER "address"
#elif defined(__SANITIZE_THREAD__)
#define WEIR_BENCH_SANITIZER "thread"
#endif
#if !defined(WEIR_BENCH_SANITIZER)
#define WEIR_BENCH_SANITIZER ""
#endif

#if defined(__OPTIMIZE__)
constexpr bool optimised = true;
#else
constexpr bool optimised = false;
#endif

// As Linux tells it; empty where it does not.
std::string processor_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return {};
}

// Of the last minute; 0 where the system does not tell.
double load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

// The first two words: the rest says where a distribution has it from.
std::string compiler_name() {
  const std::string text = compiler;
  return text.substr(0, text.find(' ', text.find(' ') + 1));
}

}  // namespace

report::BenchMachine bench_machine() {
  return {.version = WEIR_VERSION,
          .processors = default_processors(),
          .model = processor_model(),
          .compiler = compiler_name(),
          .build = *WEIR_BUILD_TYPE == '\0' ? "no build type" : WEIR_BUILD_TYPE,
          .optimised = optimised,
          .sanitizer = WEIR_BENCH_SANITIZER,
          .load = load_average()};
}

}  // namespace weir::cli
