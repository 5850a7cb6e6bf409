// The part of a request that comes after its head, and takes its time: an upload.
//
// The query of a call is its head. Who has a payload to bring says so in CallOptions::payload; the
// attempt then holds its connection slot (Door) while the payload arrives, and goes to a worker
// when it is there. An attempt brings the payload anew, since what the one before has brought went
// with it.

#pragma once

#include "weir/balance/policy.h"
#include "weir/runtime/task.h"
#include "weir/sync/context.h"

namespace weir::rpc {

class Payload {
 public:
  virtual ~Payload() = default;

  // Parks until the whole payload of an attempt has come: true. False if `context` ended first.
  // Hedged attempts may bring theirs side by side.
  virtual Task<bool> arrive(Context context, balance::Request attempt) = 0;
};

}  // namespace weir::rpc
