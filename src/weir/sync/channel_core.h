// The channel without its type: lock, ring and two queues of parked operations; compiled once.
//
// Invariants, under the lock:
//  - Values leave in the order in which they came: parked senders stand behind a full ring, and a
//    value is handed to a parked receiver only when the ring is empty.
//  - Parked senders and parked receivers are not there at the same time, except for the two entries
//    of one select that both sends and receives here (it never pairs with itself), and for entries
//    of selects that have been decided elsewhere and are about to be withdrawn.
//  - After close() no sender is parked; the ring drains, then every receive says "closed".
//
// Handles are counted by their ends in one word. When the last sending end goes while a plain
// receive waits for a value that nobody can send any more (or one arrives later), that is said
// once, on standard error, and the other way round; the task waits on, as in Go. All ends of a kind
// together count as one guest, whose place whoever drops the last of them has until it has looked:
// so giving a handle up is one addition, and the channel is there to be looked at.
//
// A value moves at the claim: from the sender's slot straight into the receiver's, whoever comes
// second. The template in channel.h brings the places of the values and a function that moves one.
//
// Turned down: a lock-free ring with queues of waiters beside it. Such designs have a record of
// lost wake-ups (reference: Elio's and PhotonLibOS's histories); a lock of one byte costs ten
// nanoseconds.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>

#include "weir/runtime/run_lock.h"
#include "weir/runtime/waited_for.h"
#include "weir/sync/claim.h"

namespace weir {

// How to move values of one type.
struct ElementType {
  std::size_t size;
  void (*relocate)(void* to, void* from) noexcept;  // moves the value and ends its life at `from`
  void (*destroy)(void* value) noexcept;
};

class BatchCore;

class ChannelCore {
 public:
  enum class Result {
    done,
    closed,   // receive only: the channel is closed and drained
    blocked,  // would have to park
    decided,  // the select was picked through another case
  };

  // What a handle counts as: two numbers of 26 bits, and one of 12 for what is neither.
  static constexpr std::uint64_t guest = 1;
  static constexpr std::uint64_t receiver = std::uint64_t{1} << 12;
  static constexpr std::uint64_t sender = std::uint64_t{1} << 38;
  static constexpr std::uint64_t both = sender + receiver;

  // Counted: the result counts as both ends.
  static ChannelCore* make(const ElementType& type, std::size_t capacity,
                           std::source_location where);

  // Counts one more handle. Requires: the caller has one of that kind or of both, or `ends` is
  // guest.
  void add_reference(std::uint64_t ends) noexcept {
    lock_.add_to(handles_, ends, std::memory_order_relaxed);
  }

  // Gives a handle up. In line for those of one kind: mostly one locked instruction and a look at
  // its result.
  template <std::uint64_t ends>
  void release() noexcept {
    const std::uint64_t left = take_from_handles(ends);
    const bool is_last = ends == guest ? left == 0 : loses_kind(ends, left) > 0;
    if (is_last) [[unlikely]]
      lose(ends, left);
  }

  // A look without the lock: false if the operation would have blocked at some moment, not before
  // the latest event that the caller knows of. For who will look again under the lock.
  bool seems_sendable() const noexcept {
    return !receivers_.seems_empty() || count_.load(std::memory_order_relaxed) < capacity_ ||
           closed_.load(std::memory_order_relaxed);
  }
  bool seems_receivable() const noexcept {
    return !senders_.seems_empty() || count_.load(std::memory_order_relaxed) > 0 ||
           closed_.load(std::memory_order_relaxed);
  }

  // Sends the value at `from` if that is possible now, and ends its life there.
  Result try_send(void* from, std::source_location where);

  // Moves a value to the raw memory at `to` if one can be had now.
  Result try_receive(void* to);

  // Like the above, but if it would block, `node` is added to the queue: its task is found by
  // others as soon as the lock is released. node.fulfilled says whether the value has moved.
  Result send_or_enroll(WaitNode& node, std::source_location where, WakeList& wakes);
  Result receive_or_enroll(WaitNode& node, WakeList& wakes);

  // Adds to `batch`, under one lock, what is there and has room: done if that is a value or more.
  Result try_receive_many(BatchCore& batch);

  // The same, but if it would block, `node` is added to the queue for one value. Requires: it is a
  // plain operation.
  Result receive_many_or_enroll(BatchCore& batch, WaitNode& node, WakeList& wakes);

  // Sends from the front of `batch`, under one lock, and returns how many values have gone.
  std::size_t try_send_many(BatchCore& batch, std::source_location where);

  // Takes `node` out of its queue if it is there.
  void withdraw(WaitNode& node) noexcept;

  void close(std::source_location where);

  std::size_t size() const noexcept;
  std::size_t capacity() const noexcept { return capacity_; }
  bool closed() const noexcept;

  // The channel behind `core`, which may be null, as what `verb` at `where` waits for.
  static WaitedFor describe(const ChannelCore* core, const char* verb, std::source_location where);

 private:
  ChannelCore(const ElementType& type, std::size_t capacity, std::source_location where)
      : type_(type), capacity_(capacity), made_at_(where) {}
  ~ChannelCore() = default;

  // With the lock held.
  Result send_locked(void* from, SelectState* self, int index, WakeList& wakes) noexcept;
  Result receive_locked(void* to, SelectState* self, int index, WakeList& wakes) noexcept;
  [[gnu::noinline]] Result send_slowly(void* from, WakeList& wakes) noexcept;
  [[gnu::noinline]] Result receive_slowly(void* to, WakeList& wakes) noexcept;
  void put_last(void* from) noexcept;
  void take_first(void* to) noexcept;
  Result receive_many_locked(BatchCore& batch, WakeList& wakes) noexcept;
  std::size_t receive_run(BatchCore& batch) noexcept;
  std::size_t send_run(BatchCore& batch) noexcept;
  void relocate_run(std::byte* to, std::byte* from, std::size_t count) noexcept;
  void refill_from_sender(WakeList& wakes) noexcept;
  void check_open(std::source_location where);
  bool enroll_receiver(WaitNode& node) noexcept;
  bool enroll_sender(WaitNode& node) noexcept;
  const WaitNode* find_orphan() noexcept;

  // How many kinds of `ends` are not among the handles that are left.
  static constexpr std::uint64_t loses_kind(std::uint64_t ends, std::uint64_t left) noexcept {
    const bool loses_senders = ends >= sender && left < sender;
    const bool loses_receivers = (ends & receiver_bits) != 0 && (left & receiver_bits) == 0;
    return std::uint64_t{loses_senders} + std::uint64_t{loses_receivers};
  }

  // What is left of the handles without these.
  std::uint64_t take_from_handles(std::uint64_t ends) noexcept {
    return lock_.add_to(handles_, ~ends + 1, std::memory_order_acq_rel) - ends;
  }

  void lose(std::uint64_t ends, std::uint64_t left) noexcept;
  void destroy() noexcept;
  void report_orphan() noexcept;
  void report_enrolled_orphan() noexcept;

  std::byte* slot(std::size_t index) noexcept;

  // Constant after construction.
  const ElementType& type_;
  const std::size_t capacity_;
  const std::source_location made_at_;

  static constexpr std::uint64_t receiver_bits = sender - receiver;
  static constexpr std::uint64_t only_both = both + 2 * guest;  // a guest for each kind

  std::atomic<std::uint64_t> handles_ = only_both;

  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
  void set_count(std::size_t count) noexcept { count_.store(count, std::memory_order_relaxed); }
  bool is_closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

  // Guarded by lock_, but for looks.
  mutable RunLock lock_;
  std::atomic<bool> closed_ = false;
  bool orphan_told_ = false;
  std::size_t head_ = 0;
  std::atomic<std::size_t> count_ = 0;
  std::source_location closed_at_;
  List<WaitNode> senders_;
  List<WaitNode> receivers_;
};

template <>
void ChannelCore::release<ChannelCore::both>() noexcept;

}  // namespace weir
