// How much memory the process has, for what is measured in bytes.

#pragma once

#include <cstdio>

#include <unistd.h>

#include "weir/base/check.h"

namespace weir {

// Bytes in memory, of all threads and with what the program itself takes.
inline long resident_bytes() {
  long pages = 0;
  long resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  WEIR_CHECK(file != nullptr && std::fscanf(file, "%ld %ld", &pages, &resident) == 2,
             "/proc/self/statm cannot be read: is this Linux, and /proc mounted?");
  std::fclose(file);
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace weir
