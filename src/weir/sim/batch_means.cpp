#include "weir/sim/batch_means.h"

#include <algorithm>

#include "weir/sim/statistics.h"

namespace weir::sim {
namespace {

constexpr std::size_t batches_most = 30;
constexpr double correlation_most = 0.2;

// Of so many fine ones each; what does not fill one is left out at the end.
std::vector<ReplicationRecord> put_together(const std::vector<Recorder::Loads>& fine,
                                            const Monitors& monitors, Duration length,
                                            std::size_t of) {
  const double seconds = to_seconds(length) * static_cast<double>(of);
  std::vector<ReplicationRecord> batches(fine.size() / of);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    batches[i].loads = fine[i * of];
    for (std::size_t j = 1; j < of; ++j) add_loads(batches[i].loads, fine[i * of + j]);
    monitors.report_batch(i * of, (i + 1) * of, seconds, batches[i]);
  }
  return batches;
}

}  // namespace

double neighbour_correlation(const std::vector<ReplicationRecord>& batches) {
  double most = 0;
  for (std::size_t load = 0; load < batches.front().loads.size(); ++load) {
    std::vector<double> means;
    for (const ReplicationRecord& batch : batches) {
      const Histogram& response = batch.loads[load].latencies.response;
      if (!response.empty()) means.push_back(response.mean());
    }
    if (means.size() < batches.size()) continue;
    if (const auto found = batch_means(means, means.size())) most = std::max(most, found->lag1);
  }
  return most;
}

void cut_into_batches(Recorder& recorder, Monitors& monitors, TimePoint end,
                      ReplicationRecord& record) {
  const Duration length = monitors.end_batches(end, recorder.grid().length());
  const auto fine = recorder.take_batches(end, length);
  if (fine.size() < batches_least) return;
  const std::size_t each = (fine.size() + batches_most - 1) / batches_most;
  record.batches = put_together(fine, monitors, length, each);
  record.batch_correlation = neighbour_correlation(record.batches);
  if (record.batch_correlation <= correlation_most) return;
  if (record.batches.size() < 2 * batches_least) return;
  record.batches = put_together(fine, monitors, length, 2 * each);
  record.batch_correlation = neighbour_correlation(record.batches);
}

}  // namespace weir::sim
