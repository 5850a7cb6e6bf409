// WEIR_CHECK: a contract that is tested in every build; a breach says what broke, where, and stops.
//
// For bugs only. What may be expected to happen (closed, cancelled, timed out) is a value; what a
// user's own code throws is an exception.

#pragma once

#include <source_location>

namespace weir {

// Writes one line with the place, the condition and the likely cause to standard error, and aborts.
[[noreturn]] void check_failed(const char* condition, const char* cause,
                               std::source_location where = std::source_location::current());

// The same, and names the place where the object was brought into the state that forbids this.
[[noreturn]] void check_failed(const char* condition, const char* cause,
                               std::source_location where, std::source_location earlier);

}  // namespace weir

// `cause` is a sentence that says what was broken and the likely reason.
#define WEIR_CHECK(condition, cause)                       \
  do {                                                     \
    if (!(condition)) [[unlikely]] ::weir::check_failed(#condition, cause); \
  } while (false)
