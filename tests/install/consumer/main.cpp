#include <cstdio>

#include "weir/base/random.h"
#include "weir/base/time.h"

int main() {
  int total = 0;
  for (int i = 0; i < 100; ++i) total += i;
  const weir::TimePoint later = weir::saturating_add(weir::TimePoint{}, weir::Duration{1});
  weir::Random random({.seed = 1, .replication = 0}, "consumer");
  if (later == weir::time_never || random.uniform() >= 1) return 1;
  std::printf("weir: %d\n", total);
}
