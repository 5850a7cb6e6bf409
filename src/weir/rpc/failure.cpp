#include "weir/rpc/failure.h"

namespace weir::rpc {

const char* to_string(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::failed:
      return "failed";
    case Failure::Kind::timed_out:
      return "timed out";
    case Failure::Kind::cancelled:
      return "cancelled";
    case Failure::Kind::rejected:
      return "rejected";
  }
  return "unknown";
}

const char* to_string(Failure::Reason reason) {
  switch (reason) {
    case Failure::Reason::none:
      return "";
    case Failure::Reason::no_worker:
      return "no worker is fit";
    case Failure::Reason::full:
      return "every queue is full";
    case Failure::Reason::dropped:
      return "dropped to make room";
    case Failure::Reason::refused:
      return "refused by the policy";
    case Failure::Reason::retry_budget:
      return "the retry budget is spent";
    case Failure::Reason::shutting_down:
      return "the balancer is shutting down";
    case Failure::Reason::down:
      return "the worker is down";
    case Failure::Reason::lost:
      return "the reply was lost";
    case Failure::Reason::no_slot:
      return "every connection slot is taken";
    case Failure::Reason::rate_limited:
      return "beyond the admitted rate";
  }
  return "unknown";
}

}  // namespace weir::rpc
