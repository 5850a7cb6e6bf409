// The payload of a request: a task of the requester sends it chunk by chunk as fast as its
// bandwidth lets it, and whoever holds the request receives it from a channel, as a server does.
//
// No bytes need to exist, only their number. A chunk is sent when its last byte has passed, so a
// link carries at most its bandwidth in any time; the receiver counts what has come. A requester
// whose context ends stops in the middle and closes the channel.

#pragma once

#include <cstdint>

#include "weir/rpc/payload.h"
#include "weir/sim/replication.h"
#include "weir/sync/channel.h"

namespace weir::sim {

struct Chunk {
  std::uint64_t bytes = 0;
};

// One payload on its way; its random numbers are those of the request and the attempt.
struct Transfer {
  static Transfer of(const Plan& plan, const Query& query, std::uint32_t attempt);

  std::uint64_t bytes = 0;
  double bandwidth = 1;         // bytes per second
  const Upload* how = nullptr;  // outlives the transfer
  Random stalls{{}, "stall"};
};

// The requester's side: ends by closing the channel.
Task<> send_payload(Context context, Transfer transfer, Sender<Chunk> to);

// The other side: the bytes that came until the channel was closed.
Task<std::uint64_t> receive_payload(Receiver<Chunk> from);

// Both sides: true if all has come before `context` ended.
Task<bool> carry(Context context, Transfer transfer);

// The payload of one request, brought by each attempt anew.
class RequestPayload final : public rpc::Payload {
 public:
  // Requires: the plan outlives the payload.
  RequestPayload(const Plan& plan, const Query& query) : plan_(plan), query_(query) {}

  Task<bool> arrive(Context context, balance::Request attempt) override {
    return carry(std::move(context), Transfer::of(plan_, query_, attempt.attempt));
  }

 private:
  const Plan& plan_;
  const Query query_;
};

// Whether the worker itself receives the load's payload.
inline bool uploads_to_worker(const Load& load) {
  return load.upload && load.upload->holds == Upload::Holds::worker;
}

}  // namespace weir::sim
