// The balancer of the classic demo, as weir bench measures it too.

#include "weir/cli/bench_balancer.h"

#include "bench/peers/weir/shapes.h"

namespace weir::peers {

Task<Figure> balancer(Size size) {
  const int each = scaled(20'000, size);
  const Stopwatch watch;
  const std::int64_t answers = co_await cli::shape::classic_balancer(each);
  const double seconds = watch.nanoseconds() * 1e-9;
  co_return Figure{static_cast<double>(answers) / seconds, answers};
}

}  // namespace weir::peers
