// Requests that wait, in the order of a discipline; one can leave from the middle.
//
// The bound is not the line's: whoever adds to it has asked first (design: limit counts those that
// wait).

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "weir/base/intrusive_list.h"
#include "weir/rpc/envelope.h"

namespace weir::rpc {

enum class Discipline : std::uint8_t { fifo, lifo };

enum class Overflow : std::uint8_t {
  reject,       // the new one
  drop_oldest,  // the one that has waited longest
  block,        // the balancer takes no further requests until there is room
};

inline constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();

struct QueueOptions {
  std::uint32_t limit = no_limit;  // of those that wait, without those being served
  Discipline discipline = Discipline::fifo;
  Overflow overflow = Overflow::reject;
};

class WaitingLine {
 public:
  explicit WaitingLine(Discipline discipline) : discipline_(discipline) {}
  ~WaitingLine();
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void add(std::unique_ptr<Envelope> envelope);

  // Puts back one that next() has given, where it was.
  void put_back(std::unique_ptr<Envelope> envelope);

  // The one whose turn it is, null if none waits.
  std::unique_ptr<Envelope> next();

  // The one that has waited longest, null if none waits.
  std::unique_ptr<Envelope> oldest();

  // Requires: `envelope` is in this line.
  std::unique_ptr<Envelope> remove(Envelope& envelope);

 private:
  const Discipline discipline_;
  std::size_t size_ = 0;
  List<Envelope> waiting_;  // in order of arrival; owned
};

}  // namespace weir::rpc
