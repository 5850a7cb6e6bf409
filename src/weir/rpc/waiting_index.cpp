#include "weir/rpc/waiting_index.h"

#include <cstdint>
#include <utility>

namespace weir::rpc {

// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the high bits of a product,
// since the low ones of a pointer say little.
std::size_t WaitingIndex::place_of(const void* key) const {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
  return reinterpret_cast<std::uintptr_t>(key) * golden >> (64 - bits_);
}

void WaitingIndex::add(Envelope& envelope) {
  if (size_ == chains_.size()) grow();
  ++size_;
  Envelope*& chain = chain_of(envelope.key());
  envelope.next_indexed = std::exchange(chain, &envelope);
}

void WaitingIndex::remove(Envelope& envelope) {
  --size_;
  Envelope** link = &chain_of(envelope.key());
  while (*link != &envelope) link = &(*link)->next_indexed;
  *link = envelope.next_indexed;
}

Envelope* WaitingIndex::find(const void* key) const {
  Envelope* envelope = chains_[place_of(key)];
  while (envelope != nullptr && envelope->key() != key) envelope = envelope->next_indexed;
  return envelope;
}

void WaitingIndex::grow() {
  ++bits_;
  const auto before = std::exchange(chains_, std::vector<Envelope*>(2 * chains_.size()));
  for (Envelope* chain : before) {
    while (chain != nullptr) {
      Envelope& envelope = *chain;
      chain = envelope.next_indexed;
      Envelope*& grown = chain_of(envelope.key());
      envelope.next_indexed = std::exchange(grown, &envelope);
    }
  }
}

}  // namespace weir::rpc
