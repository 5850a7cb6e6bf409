#include "weir/sim/upload.h"

#include <algorithm>
#include <cmath>

#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

constexpr Duration for_ever = Duration::max() / 4;

// How long a link of that bandwidth is busy with so many bytes, rounded up.
Duration time_on_link(std::uint64_t bytes, double bandwidth) {
  return from_seconds(std::ceil(static_cast<double>(bytes) / bandwidth * 1e9) * 1e-9);
}

Duration next_stall(Transfer& transfer) {
  const Upload& upload = *transfer.how;
  if (upload.stall_share == 0 || transfer.stalls.uniform() >= upload.stall_share) {
    return Duration::zero();
  }
  return upload.stall.sample_duration(transfer.stalls);
}

}  // namespace

Transfer Transfer::of(const Plan& plan, const Query& query, std::uint32_t attempt) {
  const Load& load = plan.scenario.loads[query.load];
  Random size(plan.key, "size", query.entity);
  Random bandwidth(plan.key, "bandwidth", query.entity);
  Transfer transfer;
  const double bytes = load.size->sample_for(request_of(query.entity), size);
  transfer.bytes = static_cast<std::uint64_t>(std::llround(bytes));
  transfer.bandwidth = load.upload->bandwidth.sample(bandwidth);
  transfer.how = &*load.upload;
  transfer.stalls = Random(plan.key, "stall", query.entity + attempt);
  return transfer;
}

Task<> send_payload(Context context, Transfer transfer, Sender<Chunk> to) {
  for (std::uint64_t left = transfer.bytes; left > 0;) {
    const std::uint64_t bytes = std::min(left, transfer.how->chunk);
    const Duration stall = next_stall(transfer);
    const Duration pause = std::min(time_on_link(bytes, transfer.bandwidth), for_ever);
    const bool passed = co_await sleep(context, pause + std::min(stall, for_ever));
    if (!passed) break;
    Chunk chunk;
    chunk.bytes = bytes;
    co_await to.send(chunk);
    left -= bytes;
  }
  to.close();
}

Task<std::uint64_t> receive_payload(Receiver<Chunk> from) {
  std::uint64_t bytes = 0;
  while (const auto chunk = co_await from.receive()) bytes += chunk->bytes;
  co_return bytes;
}

Task<bool> carry(Context context, Transfer transfer) {
  auto chunks = make_channel<Chunk>(1);
  WaitGroup sending;
  sending.go(send_payload(std::move(context), transfer, chunks));
  const std::uint64_t received = co_await receive_payload(chunks);
  co_await sending.wait();
  co_return received == transfer.bytes;
}

}  // namespace weir::sim
