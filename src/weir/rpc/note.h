// What the balancer's task is told, one thing at a time: a note, handed over by unique ownership.
//
// A pointer moves through a channel at the price of a word, whatever it points to; a variant of all
// kinds of news would be as large as the largest and is moved by cases, three times on its way.

#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/runtime/frame_pool.h"

namespace weir::rpc {

class Note {
 public:
  enum class Kind : std::uint8_t {
    request,   // an Envelope
    finished,  // a worker is done with an attempt
    left,      // a caller has
    joined,    // a worker has
    order,     // about a worker, from its owner
    stale,     // how old the loads are that policies see
    drain,
    stop,
  };

  explicit Note(Kind kind) : note_kind(kind) {}
  virtual ~Note() = default;
  Note(const Note&) = delete;
  Note& operator=(const Note&) = delete;

  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    free_frame(memory, bytes);
  }

  const Kind note_kind;
};

}  // namespace weir::rpc
