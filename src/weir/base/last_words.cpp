#include "weir/base/last_words.h"

#include <utility>

namespace weir {
namespace {

constinit thread_local LastWords* innermost = nullptr;

}  // namespace

LastWords::LastWords() noexcept : outer_(std::exchange(innermost, this)) {}

LastWords::~LastWords() {
  innermost = outer_;
}

void say_last_words() noexcept {
  // Taken off first: whoever breaks a contract while speaking does not speak again.
  while (LastWords* words = innermost) {
    innermost = words->outer_;
    words->say();
  }
}

}  // namespace weir
