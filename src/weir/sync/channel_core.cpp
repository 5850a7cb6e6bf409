#include "weir/sync/channel_core.h"

#include <algorithm>
#include <new>

#include "weir/runtime/frame_pool.h"
#include "weir/runtime/run_report.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/batch_core.h"

namespace weir {
namespace {

constexpr std::size_t header_bytes = (sizeof(ChannelCore) + 15) / 16 * 16;

using Guard = RunLock::Guard;

#ifdef WEIR_NO_ORPHANS
constexpr bool finds_orphans = false;
#else
constexpr bool finds_orphans = true;
#endif

constexpr std::uint64_t senders_in(std::uint64_t handles) {
  return handles / ChannelCore::sender;
}

constexpr std::uint64_t receivers_in(std::uint64_t handles) {
  return handles % ChannelCore::sender / ChannelCore::receiver;
}

// "1 sender", "no sender left".
std::string count_ends(std::uint64_t count, const char* what) {
  if (count == 0) return std::string("no ") + what + " left";
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

ChannelCore* ChannelCore::make(const ElementType& type, std::size_t capacity,
                               std::source_location where) {
  WEIR_CHECK(capacity <= (PTRDIFF_MAX - header_bytes) / type.size,
             "a channel was made with a capacity that no memory can hold");
  return new (allocate_frame(header_bytes + capacity * type.size))
      ChannelCore(type, capacity, where);
}

template <>
void ChannelCore::release<ChannelCore::both>() noexcept {
  // Whoever has the only handle needs no locked instruction to give it up.
  if (handles_.load(std::memory_order_acquire) == only_both) return destroy();
  const std::uint64_t left = take_from_handles(both);
  if (loses_kind(both, left) > 0) lose(both, left);
}

// The last end of a kind has gone, or the last handle of all: from here on the caller has the place
// of each guest that stood for a kind.
void ChannelCore::lose(std::uint64_t ends, std::uint64_t left) noexcept {
  const std::uint64_t guests = loses_kind(ends, left) * guest;
  if (left == guests) return destroy();
  if (finds_orphans) report_orphan();
  if (take_from_handles(guests) == 0) destroy();
}

void ChannelCore::destroy() noexcept {
  WEIR_CHECK(senders_.empty() && receivers_.empty(),
             "the last handle of a channel was dropped while a task waits on it");
  for (std::size_t left = count(); left > 0; --left, ++head_) type_.destroy(slot(head_));
  const std::size_t bytes = header_bytes + capacity_ * type_.size;
  this->~ChannelCore();
  free_frame(this, bytes);
}

// Adds the node; true if nobody can ever serve it, and then its caller counts as a guest.
[[gnu::always_inline]] inline bool ChannelCore::enroll_receiver(WaitNode& node) noexcept {
  receivers_.push_back(node);
  if (!finds_orphans || handles_.load(std::memory_order_relaxed) >= sender) [[likely]]
    return false;
  add_reference(guest);
  return true;
}

[[gnu::always_inline]] inline bool ChannelCore::enroll_sender(WaitNode& node) noexcept {
  senders_.push_back(node);
  if (!finds_orphans || (handles_.load(std::memory_order_relaxed) & receiver_bits) != 0) [[likely]]
    return false;
  add_reference(guest);
  return true;
}

// A parked operation that nobody can serve. Of a select another case may fire.
const WaitNode* ChannelCore::find_orphan() noexcept {
  const std::uint64_t handles = handles_.load(std::memory_order_relaxed);
  List<WaitNode>* waiting = nullptr;
  if (senders_in(handles) == 0 && !receivers_.empty()) waiting = &receivers_;
  if (receivers_in(handles) == 0 && !senders_.empty()) waiting = &senders_;
  if (waiting == nullptr || is_closed()) return nullptr;
  for (WaitNode* node = waiting->front(); node != nullptr; node = waiting->next(*node)) {
    if (node->select() == nullptr) return node;
  }
  return nullptr;
}

// Says so if a task waits for ever, once for a channel. Requires: the caller counts as a guest.
void ChannelCore::report_orphan() noexcept {
  Orphan orphan;
  {
    const Guard guard(lock_);
    const WaitNode* node = orphan_told_ ? nullptr : find_orphan();
    if (node != nullptr && node->task().scheduler().reports_orphans()) {
      orphan_told_ = true;
      orphan = {.task = node->task().id,
                .started_at = node->task().started_at(),
                .verb = node->task().wait->verb(),
                .where = node->task().wait->where()};
    }
  }
  if (orphan.task != 0) {
    weir::report_orphan(orphan, describe(this, orphan.verb, orphan.where).state);
  }
}

// An operation has been put in line that nobody can serve.
[[gnu::noinline]] void ChannelCore::report_enrolled_orphan() noexcept {
  report_orphan();
  release<guest>();
}

std::byte* ChannelCore::slot(std::size_t index) noexcept {
  const std::size_t place = index >= capacity_ ? index - capacity_ : index;
  return reinterpret_cast<std::byte*>(this) + header_bytes + place * type_.size;
}

void ChannelCore::check_open(std::source_location where) {
  if (is_closed()) [[unlikely]] {
    check_failed("!closed", "a value was sent on a closed channel", where, closed_at_);
  }
}

// Requires: there is room.
[[gnu::always_inline]] inline void ChannelCore::put_last(void* from) noexcept {
  const std::size_t buffered = count();
  type_.relocate(slot(head_ + buffered), from);
  set_count(buffered + 1);
}

// Requires: there is a value.
[[gnu::always_inline]] inline void ChannelCore::take_first(void* to) noexcept {
  const std::size_t first = head_;
  type_.relocate(to, slot(first));
  head_ = first + 1 == capacity_ ? 0 : first + 1;
  set_count(count() - 1);
}

[[gnu::always_inline]] inline ChannelCore::Result ChannelCore::send_locked(
    void* from, SelectState* self, int index, WakeList& wakes) noexcept {
  for (WaitNode* node = receivers_.front(); node != nullptr; node = receivers_.next(*node)) {
    if (self != nullptr && node->select() == self) continue;
    const Claim claimed = claim(*node, self);
    if (claimed == Claim::self_lost) return Result::decided;
    if (claimed == Claim::partner_lost) continue;
    node->unlink();
    type_.relocate(node->slot, from);
    node->fulfilled = true;
    commit(*node, self, index, wakes);
    return Result::done;
  }
  if (count() == capacity_) return Result::blocked;
  if (!claim_alone(self)) return Result::decided;
  put_last(from);
  commit_alone(self, index);
  return Result::done;
}

[[gnu::always_inline]] inline ChannelCore::Result ChannelCore::receive_locked(
    void* to, SelectState* self, int index, WakeList& wakes) noexcept {
  if (count() > 0) {
    if (!claim_alone(self)) return Result::decided;
    take_first(to);
    commit_alone(self, index);
    if (!senders_.empty()) refill_from_sender(wakes);
    return Result::done;
  }
  for (WaitNode* node = senders_.front(); node != nullptr; node = senders_.next(*node)) {
    if (self != nullptr && node->select() == self) continue;
    const Claim claimed = claim(*node, self);
    if (claimed == Claim::self_lost) return Result::decided;
    if (claimed == Claim::partner_lost) continue;
    node->unlink();
    type_.relocate(to, node->slot);
    node->fulfilled = true;
    commit(*node, self, index, wakes);
    return Result::done;
  }
  if (!is_closed()) return Result::blocked;
  if (!claim_alone(self)) return Result::decided;
  commit_alone(self, index);
  return Result::closed;
}

// The longest-parked sender's value takes the place that has become free in the ring.
void ChannelCore::refill_from_sender(WakeList& wakes) noexcept {
  for (WaitNode* node = senders_.front(); node != nullptr; node = senders_.next(*node)) {
    if (claim(*node, nullptr) != Claim::won) continue;
    node->unlink();
    put_last(node->slot);
    node->fulfilled = true;
    commit(*node, nullptr, 0, wakes);
    return;
  }
}

// Apart from the ways that are short, which so save and set up nothing for it.
ChannelCore::Result ChannelCore::send_slowly(void* from, WakeList& wakes) noexcept {
  return send_locked(from, nullptr, 0, wakes);
}

ChannelCore::Result ChannelCore::receive_slowly(void* to, WakeList& wakes) noexcept {
  return receive_locked(to, nullptr, 0, wakes);
}

ChannelCore::Result ChannelCore::try_send(void* from, std::source_location where) {
  WakeList wakes;
  Result result;
  {
    const Guard guard(lock_);
    check_open(where);
    if (!receivers_.empty()) {
      result = send_slowly(from, wakes);
    } else if (count() < capacity_) {
      put_last(from);
      return Result::done;
    } else {
      return Result::blocked;
    }
  }
  wakes.make_ready();
  return result;
}

ChannelCore::Result ChannelCore::try_receive(void* to) {
  WakeList wakes;
  Result result;
  {
    const Guard guard(lock_);
    if (count() > 0 && senders_.empty()) {
      take_first(to);
      return Result::done;
    }
    result = receive_slowly(to, wakes);
  }
  wakes.make_ready();
  return result;
}

ChannelCore::Result ChannelCore::send_or_enroll(WaitNode& node, std::source_location where,
                                                WakeList& wakes) {
  bool is_orphan = false;
  Result result;
  {
    const Guard guard(lock_);
    check_open(where);
    result = send_locked(node.slot, node.select(), node.index(), wakes);
    node.fulfilled = result == Result::done;
    if (result == Result::blocked) is_orphan = enroll_sender(node);
  }
  if (is_orphan) [[unlikely]]
    report_enrolled_orphan();
  return result;
}

ChannelCore::Result ChannelCore::receive_or_enroll(WaitNode& node, WakeList& wakes) {
  bool is_orphan = false;
  Result result;
  {
    const Guard guard(lock_);
    result = receive_locked(node.slot, node.select(), node.index(), wakes);
    node.fulfilled = result == Result::done;
    if (result == Result::blocked) is_orphan = enroll_receiver(node);
  }
  if (is_orphan) [[unlikely]]
    report_enrolled_orphan();
  return result;
}

void ChannelCore::relocate_run(std::byte* to, std::byte* from, std::size_t count) noexcept {
  const std::size_t size = type_.size;
  for (; count > 0; --count, to += size, from += size) type_.relocate(to, from);
}

// Moves what lies in one piece, where nobody is parked and each value would go the same way.
std::size_t ChannelCore::receive_run(BatchCore& batch) noexcept {
  const std::size_t buffered = count();
  if (buffered == 0 || !senders_.empty()) return 0;
  const std::size_t run = std::min({buffered, capacity_ - head_, batch.room_left()});
  relocate_run(static_cast<std::byte*>(batch.room_behind()), slot(head_), run);
  batch.add_back(run);
  head_ = head_ + run == capacity_ ? 0 : head_ + run;
  set_count(buffered - run);
  return run;
}

std::size_t ChannelCore::send_run(BatchCore& batch) noexcept {
  const std::size_t buffered = count();
  if (buffered == capacity_ || !receivers_.empty()) return 0;
  const std::size_t tail = head_ + buffered;
  const std::size_t room = tail < capacity_ ? capacity_ - tail : capacity_ - buffered;
  const std::size_t run = std::min(room, batch.size());
  relocate_run(slot(tail), batch.front(), run);
  batch.drop_front(run);
  set_count(buffered + run);
  return run;
}

ChannelCore::Result ChannelCore::receive_many_locked(BatchCore& batch, WakeList& wakes) noexcept {
  Result first = Result::blocked;
  for (bool any = false; !batch.full(); any = true) {
    if (receive_run(batch) > 0) {
      first = any ? first : Result::done;
      continue;
    }
    const Result result = receive_locked(batch.room_behind(), nullptr, 0, wakes);
    if (!any) first = result;
    if (result != Result::done) break;
    batch.add_back();
  }
  return first;
}

ChannelCore::Result ChannelCore::try_receive_many(BatchCore& batch) {
  WakeList wakes;
  Result result;
  {
    const Guard guard(lock_);
    result = receive_many_locked(batch, wakes);
  }
  wakes.make_ready();
  return result;
}

ChannelCore::Result ChannelCore::receive_many_or_enroll(BatchCore& batch, WaitNode& node,
                                                        WakeList& wakes) {
  bool is_orphan = false;
  Result result;
  {
    const Guard guard(lock_);
    result = receive_many_locked(batch, wakes);
    if (result == Result::blocked) is_orphan = enroll_receiver(node);
  }
  if (is_orphan) [[unlikely]]
    report_enrolled_orphan();
  return result;
}

std::size_t ChannelCore::try_send_many(BatchCore& batch, std::source_location where) {
  WakeList wakes;
  std::size_t sent = 0;
  {
    const Guard guard(lock_);
    if (batch.size() > 0) check_open(where);
    while (batch.size() > 0) {
      const std::size_t run = send_run(batch);
      sent += run;
      if (run > 0) continue;
      if (send_locked(batch.front(), nullptr, 0, wakes) != Result::done) break;
      batch.drop_front();
      ++sent;
    }
  }
  wakes.make_ready();
  return sent;
}

void ChannelCore::withdraw(WaitNode& node) noexcept {
  const Guard guard(lock_);
  if (node.linked()) node.unlink();
}

void ChannelCore::close(std::source_location where) {
  WakeList wakes;
  {
    const Guard guard(lock_);
    if (is_closed()) check_failed("!closed", "a channel was closed twice", where, closed_at_);
    for (WaitNode* node = senders_.front(); node != nullptr; node = senders_.next(*node)) {
      if (claim(*node, nullptr) != Claim::won) continue;
      check_failed("no sender waits", "a channel was closed while a task was sending on it", where,
                   node->task().wait->where());
    }
    closed_.store(true, std::memory_order_relaxed);
    closed_at_ = where;
    for (WaitNode* node = receivers_.front(); node != nullptr;) {
      WaitNode* after = receivers_.next(*node);
      if (claim(*node, nullptr) == Claim::won) {
        node->unlink();
        commit(*node, nullptr, 0, wakes);
      }
      node = after;
    }
  }
  wakes.make_ready();
}

std::size_t ChannelCore::size() const noexcept {
  const Guard guard(lock_);
  return count();
}

bool ChannelCore::closed() const noexcept {
  const Guard guard(lock_);
  return is_closed();
}

WaitedFor ChannelCore::describe(const ChannelCore* core, const char* verb,
                                std::source_location where) {
  if (core == nullptr) return {.verb = verb, .where = where, .state = "a nil channel"};
  std::string state = "made at " + spell_place(core->made_at_);
  state += ", capacity " + std::to_string(core->capacity_);
  if (core->capacity_ > 0) state += ", " + std::to_string(core->size()) + " buffered";
  const std::uint64_t handles = core->handles_.load(std::memory_order_relaxed);
  state += ", " + count_ends(senders_in(handles), "sender");
  state += ", " + count_ends(receivers_in(handles), "receiver");
  return {.verb = verb, .where = where, .object = core, .kind = "channel", .state = state};
}

}  // namespace weir
