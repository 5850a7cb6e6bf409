// How a call can end without an answer: one outcome, and why.

#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace weir::rpc {

struct Failure {
  enum class Kind : std::uint8_t {
    failed,     // the worker said so, or an exception left it
    timed_out,  // the attempt's or the whole call's deadline passed
    cancelled,  // the caller's context was cancelled for another reason
    rejected,   // never served: see the reason
  };

  // Why an attempt was rejected.
  enum class Reason : std::uint8_t {
    none,
    no_worker,      // none is there, or none is fit
    full,           // every queue that could take it is full
    dropped,        // it was the oldest in a full queue, and made room
    refused,        // by the policy
    retry_budget,   // too many retries already
    shutting_down,  // the balancer drains or has stopped
    no_slot,        // every connection slot is taken
    rate_limited,   // no token was left for it
  };

  explicit Failure(Kind how, Reason why = Reason::none) : kind(how), reason(why) {}
  explicit Failure(std::exception_ptr thrown) : kind(Kind::failed), exception(std::move(thrown)) {}

  Kind kind;
  Reason reason = Reason::none;
  std::exception_ptr exception;  // what left the worker, if something did
};

const char* to_string(Failure::Kind kind);
const char* to_string(Failure::Reason reason);

}  // namespace weir::rpc
