#include "weir/runtime/processor_count.h"

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace weir {
namespace {

constexpr int processors_max = 1024;

int from_environment() {
  const char* text = std::getenv("WEIR_PROCS");
  if (text == nullptr || *text == '\0') return 0;
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (*end == '\0' && number >= 1 && number <= processors_max) return static_cast<int>(number);
  std::fprintf(stderr, "weir: WEIR_PROCS=%s is ignored: it is no number from 1 to %d\n", text,
               processors_max);
  return 0;
}

// A set of 1024 is too small for the largest machines, whose kernel then says so.
int from_affinity() {
  for (std::size_t size = 1024; size <= 1024 * 1024; size *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(size), [](cpu_set_t* each) { CPU_FREE(each); });
    const std::size_t bytes = CPU_ALLOC_SIZE(size);
    if (set && sched_getaffinity(0, bytes, set.get()) == 0) return CPU_COUNT_S(bytes, set.get());
  }
  return 1;
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File open_file(const std::string& path) {
  return File(std::fopen(path.c_str(), "re"), std::fclose);
}

int round_up(long quota, long period) {
  if (quota <= 0 || period <= 0) return 0;
  return static_cast<int>(std::min<long>((quota - 1) / period + 1, processors_max));
}

// The quota of one folder of control groups in processors, 0 if it sets none: version 2, then 1.
int quota_of(const std::string& folder) {
  long quota = 0;
  long period = 0;
  if (const File file = open_file(folder + "/cpu.max")) {
    if (std::fscanf(file.get(), "%ld %ld", &quota, &period) == 2) return round_up(quota, period);
    return 0;
  }
  const File quota_file = open_file(folder + "/cpu.cfs_quota_us");
  const File period_file = open_file(folder + "/cpu.cfs_period_us");
  if (!quota_file || !period_file || std::fscanf(quota_file.get(), "%ld", &quota) != 1 ||
      std::fscanf(period_file.get(), "%ld", &period) != 1) {
    return 0;
  }
  return round_up(quota, period);
}

// A tree of control groups that bounds processors, and the place of this process in it.
struct Group {
  std::string mount;
  std::string path;
};

// From a line "number:controllers:path" of /proc/self/cgroup; nothing if it is about others.
std::optional<Group> group_of(const std::string& line) {
  const std::size_t first = line.find(':');
  const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
  if (second == std::string::npos) return std::nullopt;
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const bool has_cpu = ("," + controllers + ",").find(",cpu,") != std::string::npos;
  if (!controllers.empty() && !has_cpu) return std::nullopt;
  return Group{controllers.empty() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + controllers,
               line.substr(second + 1)};
}

// The least quota of the group and those above it, 0 if there is none.
int least_quota(const std::string& root, Group group) {
  int least = 0;
  for (;;) {
    while (!group.path.empty() && group.path.back() == '/') group.path.pop_back();
    const int quota = quota_of(root + group.mount + group.path);
    if (quota > 0) least = least == 0 ? quota : std::min(least, quota);
    if (group.path.empty()) return least;
    group.path.erase(std::min(group.path.rfind('/'), group.path.size()));
  }
}

}  // namespace

int quota_processors(const std::string& root) {
  int least = 0;
  const File file = open_file(root + "/proc/self/cgroup");
  char line[4096];
  while (file && std::fgets(line, sizeof(line), file.get()) != nullptr) {
    std::string text = line;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    const std::optional<Group> group = group_of(text);
    if (!group) continue;
    const int quota = least_quota(root, *group);
    if (quota > 0) least = least == 0 ? quota : std::min(least, quota);
  }
  return least;
}

int default_processors() {
  if (const int wanted = from_environment(); wanted > 0) return wanted;
  int count = from_affinity();
  if (const int quota = quota_processors(); quota > 0) count = std::min(count, quota);
  return std::clamp(count, 1, processors_max);
}

}  // namespace weir
