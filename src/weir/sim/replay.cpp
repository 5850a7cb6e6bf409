#include "weir/sim/replay.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "weir/base/random.h"
#include "weir/sim/log_arrivals.h"
#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Values = std::vector<double>;

bool has_any(const std::vector<LoggedRequest>& requests, std::int64_t LoggedRequest::* which) {
  return std::ranges::any_of(requests, [&](const LoggedRequest& request) {
    return request.*which != LoggedRequest::unknown;
  });
}

LogTimes times_of(const ReadLog& log, double scale) {
  std::vector<std::int64_t> times;
  times.reserve(log.requests.size());
  for (const LoggedRequest& request : log.requests) {
    const std::int64_t at = request.at - log.origin;
    times.push_back(scale == 1 ? at : std::llround(static_cast<double>(at) / scale));
  }
  return std::make_shared<const std::vector<std::int64_t>>(std::move(times));
}

// The gaps are filled by a stream of their own: the log alone decides.
Values durations_of(const std::vector<LoggedRequest>& requests, std::uint64_t& filled) {
  std::vector<std::int64_t> known;
  for (const LoggedRequest& request : requests) {
    if (request.duration != LoggedRequest::unknown) known.push_back(request.duration);
  }
  Random draw(RandomKey{}, "replay");
  Values values;
  values.reserve(requests.size());
  for (const LoggedRequest& request : requests) {
    const bool missing = request.duration == LoggedRequest::unknown;
    filled += missing ? 1 : 0;
    const std::int64_t duration = missing ? known[draw.below(known.size())] : request.duration;
    values.push_back(static_cast<double>(duration) / 1e9);
  }
  return values;
}

Values sizes_of(const std::vector<LoggedRequest>& requests) {
  Values values;
  values.reserve(requests.size());
  for (const LoggedRequest& request : requests) {
    values.push_back(static_cast<double>(std::max<std::int64_t>(0, request.bytes)));
  }
  return values;
}

Distribution recorded(Values values, Quantity quantity, std::string text) {
  return Distribution::recorded(std::make_shared<const Values>(std::move(values)), quantity,
                                std::move(text));
}

}  // namespace

ReplayedLog make_replay(ReadLog log, double scale, const std::string& name) {
  ReplayedLog replay{.requests = log.requests.size()};
  std::string text = "log(\"" + name + "\"";
  if (scale != 1) text += ", speed=" + exact_number(scale);
  replay.arrival = ArrivalProcess::of(
      log_arrivals(times_of(log, scale), log.resolution_s() / scale), text + ")");
  if (has_any(log.requests, &LoggedRequest::duration)) {
    replay.service = recorded(durations_of(log.requests, replay.filled), Quantity::duration,
                              "log(\"" + name + "\", durations)");
  }
  if (has_any(log.requests, &LoggedRequest::bytes)) {
    replay.size = recorded(sizes_of(log.requests), Quantity::size, "log(\"" + name + "\", bytes)");
  }
  return replay;
}

void put_in(Scenario& scenario, const ReplayedLog& log, Duration span) {
  Load& load = scenario.loads.front();
  load.model = Load::Model::open;
  load.clients = 0;
  load.think = Distribution();
  load.arrival = log.arrival;
  if (log.service) load.service = *log.service;
  if (log.size) load.size = log.size;
  Horizon& horizon = scenario.horizon;
  horizon.kind = Horizon::Kind::terminating;
  horizon.warmup = Horizon::WarmUp::none;
  horizon.warmup_time = Duration::zero();
  if (scenario.loads.size() == 1) {
    horizon.time.reset();
    horizon.requests = log.requests;
  } else {
    horizon.requests.reset();
    horizon.time = std::chrono::ceil<std::chrono::milliseconds>(span + Duration(1));
    if (!scenario.shutdown) scenario.shutdown = Shutdown();
  }
}

std::uint32_t enough_workers(double offered) {
  constexpr double busy = 0.7;
  constexpr double most = 10'000;
  return static_cast<std::uint32_t>(std::clamp(std::ceil(offered / busy - 1e-9), 1.0, most));
}

}  // namespace weir::sim
