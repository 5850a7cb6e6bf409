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

  // Why an attempt was rejected, or what was wrong with the worker.
  enum class Reason : std::uint8_t {
    none,
    no_worker,      // none is there, or none is fit
    full,           // every queue that could take it is full
    dropped,        // it was the oldest in a full queue, and made room
    refused,        // by the policy
    retry_budget,   // too many retries already
    shutting_down,  // the balancer drains or has stopped
    down,           // the worker went down, or was found down
    lost,           // see lost()
    no_slot,        // every connection slot is taken
    rate_limited,   // no token was left for it
  };

  explicit Failure(Kind how, Reason why = Reason::none) : kind(how), reason(why) {}
  explicit Failure(std::exception_ptr thrown) : kind(Kind::failed), exception(std::move(thrown)) {}

  // What a worker gives when nobody is to get an answer from it, as if its machine had vanished:
  // the slot is free, the caller waits until its context ends.
  static Failure lost() { return Failure(Kind::failed, Reason::lost); }

  // What a worker gives that breaks down in the middle of a service, or before it.
  static Failure down() { return Failure(Kind::failed, Reason::down); }

  bool is_lost() const { return reason == Reason::lost; }

  Kind kind;
  Reason reason = Reason::none;
  std::exception_ptr exception;  // what left the worker, if something did
};

const char* to_string(Failure::Kind kind);
const char* to_string(Failure::Reason reason);

}  // namespace weir::rpc
