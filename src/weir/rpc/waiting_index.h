// Finds the waiting attempt that a caller has left: a hash table whose chains run through the
// attempts, so that waiting costs no allocation.
//
// Keyed by what names an attempt as long as its caller waits (Envelope::key). Owns nothing; an
// attempt leaves the index before it leaves its line. The order of a chain decides nothing.
//
// Turned down: std::unordered_map, whose nodes and divisions were a fortieth of a simulated
// request.

#pragma once

#include <cstddef>
#include <vector>

#include "weir/rpc/envelope.h"

namespace weir::rpc {

class WaitingIndex {
 public:
  // Requires: not in an index. Cost: O(1), spread over the calls.
  void add(Envelope& envelope);

  // Requires: in this index.
  void remove(Envelope& envelope);

  // Null if there is none.
  Envelope* find(const void* key) const;

 private:
  Envelope*& chain_of(const void* key) { return chains_[place_of(key)]; }
  std::size_t place_of(const void* key) const;
  void grow();

  static constexpr unsigned least_bits = 4;

  unsigned bits_ = least_bits;
  std::vector<Envelope*> chains_ = std::vector<Envelope*>(std::size_t{1} << least_bits);
  std::size_t size_ = 0;
};

}  // namespace weir::rpc
