#include "weir/runtime/processor_count.h"

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace weir {
namespace {

constexpr int processors_max = 1024;

int from_environment() {
  const char* text = std::getenv("WEIR_PROCS");
  if (text == nullptr) return 0;
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (*end != '\0') return 0;
  return number >= 1 && number <= processors_max ? static_cast<int>(number) : 0;
}

int from_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return CPU_COUNT(&set);
}

// The quota of one cgroup folder in processors, 0 if it sets none.
int quota_of(const std::string& folder) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen((folder + "/cpu.max").c_str(), "re"), std::fclose);
  long quota = 0;
  long period = 0;
  if (!file || std::fscanf(file.get(), "%ld %ld", &quota, &period) != 2 || period <= 0) return 0;
  return static_cast<int>((quota + period - 1) / period);
}

// The path of this process in the unified hierarchy, "" if there is none.
std::string own_group() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/cgroup", "re"),
                                                             std::fclose);
  char line[4096];
  while (file && std::fgets(line, sizeof(line), file.get()) != nullptr) {
    std::string text = line;
    if (!text.starts_with("0::")) continue;
    text.erase(0, 3);
    while (!text.empty() && (text.back() == '\n' || text.back() == '/')) text.pop_back();
    return text;
  }
  return {};
}

int from_quota() {
  int least = 0;
  for (std::string group = own_group();; group.erase(group.rfind('/'))) {
    const int quota = quota_of("/sys/fs/cgroup" + group);
    if (quota > 0) least = least == 0 ? quota : std::min(least, quota);
    if (group.empty()) return least;
  }
}

}  // namespace

int default_processors() {
  if (const int wanted = from_environment(); wanted > 0) return wanted;
  int count = from_affinity();
  if (const int quota = from_quota(); quota > 0) count = std::min(count, quota);
  return std::clamp(count, 1, processors_max);
}

}  // namespace weir
