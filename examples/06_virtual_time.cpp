// Lesson 6: an hour in no time, and the same hour again.
//
// In virtual time the clock jumps to the next deadline as soon as no task can run. Random numbers
// come from named streams of the run's seed. So a run depends on its seed and on nothing else: same
// seed, same run, on any machine.

#include <cstdio>

#include "weir/weir.h"

using namespace weir;

// A sensor that reports now and then.
Task<> sensor(Context context, Sender<double> readings) {
  Random random = random_stream("sensor");
  for (;;) {
    const Duration pause = from_seconds(20 * random.uniform());
    const bool rested = co_await sleep(context, pause);
    if (!rested) break;
    const double reading = 20 + random.uniform();
    co_await readings.send(reading);
  }
  readings.close();
}

Task<> an_hour() {
  auto [hour, stop] = with_timeout(background(), 1h);
  auto readings = make_channel<double>();
  go(sensor(hour, readings));
  int count = 0;
  double sum = 0;
  while (auto reading = co_await readings.receive()) {
    ++count;
    sum += *reading;
  }
  const auto minutes = static_cast<int>(now().time_since_epoch() / 1min);
  std::printf("%d minutes: %d readings, mean %.6f\n", minutes, count, sum / count);
}

int main() {
  for (const unsigned seed : {1U, 2U, 1U}) {
    std::printf("seed %u: ", seed);
    run_virtual(an_hour(), {.seed = seed});
  }
}

// Output:
// seed 1: 60 minutes: 346 readings, mean 20.530975
// seed 2: 60 minutes: 359 readings, mean 20.514559
// seed 1: 60 minutes: 346 readings, mean 20.530975
