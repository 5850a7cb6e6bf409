#include "tests/model/claim_model.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace weir::model {
namespace {

constexpr int undecided = -1;

enum class Kind { send, receive, done, timer };

struct Operation;
struct Entry;

// What operations wait in: a channel, a context, the heap of timers.
struct Place : Lock {
  std::vector<Entry*> waiting;
  std::size_t capacity = 0;
  std::deque<int> buffer;
  bool over = false;  // closed, or cancelled

  void link(Entry& entry);
  void unlink(Entry& entry);
};

struct Entry {
  Operation* operation;
  int index;
  Kind kind;
  Place* place;
  bool linked = false;

  int value() const;  // of a send: no other entry has it
};

struct Operation : Lock {  // the lock is that of the word
  int id = 0;
  bool plain = false;  // has no word: whoever takes its entry out decides it
  std::vector<Entry> entries;
  int picked = undecided;
  std::vector<int> received;
  bool parked = false;
  bool alive = true;
  int wakes = 0;
  bool decided = false;             // as far as its own thread knows
  std::vector<Operation*> to_wake;  // known to its own thread alone

  void touch() const {
    if (!alive) throw Bug("an operation was touched that is gone");
  }
  void pick(int index) {
    touch();
    if (picked != undecided) throw Bug("an operation was decided twice");
    picked = index;
  }
  void wake() {
    touch();
    if (++wakes > 1) throw Bug("an operation was woken twice");
  }
};

int Entry::value() const {
  return operation->id * 10 + index;
}

void Place::link(Entry& entry) {
  waiting.push_back(&entry);
  entry.linked = true;
}

void Place::unlink(Entry& entry) {
  if (!entry.linked) throw Bug("an entry was taken out that is not there");
  std::erase(waiting, &entry);
  entry.linked = false;
}

class ClaimWorld final : public World {
 public:
  ClaimWorld(Scenario scenario, Mutation mutation);
  void check_end() const override;

 private:
  struct Arm {
    Kind kind;
    std::size_t channel = 0;
  };

  Operation& add(std::vector<Arm> arms, bool plain = false);
  void add_plain(Kind kind, std::size_t channel) { add({{kind, channel}}, true); }
  void set_up_pairs(Scenario scenario);
  void set_up_ends(Scenario scenario);
  void set_up_buffers(Scenario scenario);
  void fill(std::size_t channel);

  // The parts of an operation, in the order of sync/select.cpp.
  Script run(Operation& self);
  Script enroll(Entry& mine);
  Script wake(Operation& self);
  Script park(Operation& self);
  Script withdraw(Operation& self);

  // With the place's lock held, as in sync/channel_core.cpp.
  Script attempt(Entry& mine);
  Script meet_somebody(Entry& mine);
  Script meet(Entry& mine, Entry& theirs);
  Script use_buffer(Entry& mine);
  Script refill(Operation& self, Place& channel);
  Script decide_alone(Entry& mine);

  // Those that end operations from outside.
  Script fire(Entry& timer, int me);
  Script cancel(Place& context, int me);
  Script close(Place& channel, int me);
  Script pick_from_outside(Entry& theirs, int me, std::vector<Operation*>& to_wake);

  void check_entry(const Entry& entry) const;
  void check_values() const;

  Mutation mutation_;
  std::deque<Place> channels_{4};
  Place context_;
  Place heap_;
  std::deque<Operation> operations_;
  std::vector<int> first_values_;
};

ClaimWorld::ClaimWorld(Scenario scenario, Mutation mutation) : mutation_(mutation) {
  set_up_pairs(scenario);
  set_up_ends(scenario);
  set_up_buffers(scenario);
}

void ClaimWorld::set_up_pairs(Scenario scenario) {
  using enum Kind;
  if (scenario > Scenario::timer) return;
  std::vector<Arm> first = {{send, 1}, {receive, scenario == Scenario::ring ? 3u : 2u}};
  if (scenario == Scenario::timer) first.insert(first.begin(), {timer});
  Operation& a = add(first);
  switch (scenario) {
    case Scenario::cross:
      add({{receive, 1}, {send, 2}});
      break;
    case Scenario::cross_reversed:
      add({{send, 2}, {receive, 1}});
      break;
    case Scenario::three:
      add({{receive, 1}});
      add({{send, 2}});
      break;
    case Scenario::four:
      add({{receive, 1}, {receive, 2}});
      add({{send, 2}, {receive, 1}});
      add({{send, 1}});
      break;
    case Scenario::ring:
      add({{send, 2}, {receive, 1}});
      add({{send, 3}, {receive, 2}});
      break;
    default:
      add({{receive, 1}});
      start(fire(a.entries[0], 8));
      break;
  }
}

void ClaimWorld::set_up_ends(Scenario scenario) {
  using enum Kind;
  switch (scenario) {
    case Scenario::cancel_receive:
      add({{done}, {receive, 1}});
      add_plain(send, 1);
      start(cancel(context_, 8));
      break;
    case Scenario::cancel_send:
      add({{done}, {send, 1}});
      add_plain(receive, 1);
      start(cancel(context_, 8));
      break;
    case Scenario::cancel_timer: {
      Operation& a = add({{done}, {timer}, {receive, 1}});
      start(cancel(context_, 8));
      start(fire(a.entries[1], 9));
      break;
    }
    case Scenario::both_ends:
      add({{send, 1}, {receive, 1}});
      add_plain(receive, 1);
      break;
    case Scenario::close:
      add({{receive, 1}, {receive, 2}});
      add_plain(receive, 1);
      add_plain(send, 2);
      start(close(channels_[1], 8));
      break;
    default:
      break;
  }
}

void ClaimWorld::set_up_buffers(Scenario scenario) {
  using enum Kind;
  if (scenario == Scenario::buffer) {
    channels_[1].capacity = 1;
    add({{send, 1}, {send, 2}});
    add({{receive, 1}, {receive, 2}});
    add_plain(send, 1);
  } else if (scenario == Scenario::buffer_full) {
    fill(1);
    add({{send, 1}, {receive, 2}});
    add_plain(receive, 1);
    add_plain(send, 2);
  } else if (scenario == Scenario::buffer_own) {
    fill(1);
    add({{send, 1}, {receive, 1}});
    add_plain(receive, 1);
  } else if (scenario == Scenario::close_full) {
    fill(1);
    add({{receive, 1}, {receive, 2}});
    add_plain(receive, 1);
    start(close(channels_[1], 8));
  }
}

void ClaimWorld::fill(std::size_t channel) {
  constexpr int first_value = 1000;
  channels_[channel].capacity = 1;
  channels_[channel].buffer.push_back(first_value);
  first_values_.push_back(first_value);
}

Operation& ClaimWorld::add(std::vector<Arm> arms, bool plain) {
  Operation& operation = operations_.emplace_back();
  operation.id = static_cast<int>(operations_.size()) - 1;
  operation.plain = plain;
  for (const Arm& arm : arms) {
    Place* place = &channels_[arm.channel];
    if (arm.kind == Kind::done) place = &context_;
    if (arm.kind == Kind::timer) place = &heap_;
    const int index = static_cast<int>(operation.entries.size());
    operation.entries.push_back({&operation, index, arm.kind, place});
  }
  start(run(operation));
  return operation;
}

Script ClaimWorld::run(Operation& self) {
  for (Entry& mine : self.entries) {
    if (!self.decided) co_await enroll(mine);
  }
  co_await wake(self);
  co_await park(self);
  if (self.picked == undecided) throw Bug("an operation was woken that nobody has decided");
  if (!self.plain) co_await withdraw(self);
  co_await Step();
  for (const Entry& mine : self.entries) {
    if (mine.linked) throw Bug("an operation went and left an entry behind");
  }
  self.alive = false;
}

Script ClaimWorld::enroll(Entry& mine) {
  Operation& self = *mine.operation;
  Place& place = *mine.place;
  co_await Acquire(place, self.id);
  co_await attempt(mine);
  if (!self.decided) place.link(mine);
  place.release();
}

Script ClaimWorld::attempt(Entry& mine) {
  if (mine.kind == Kind::timer) co_return;
  if (mine.kind == Kind::done) {
    if (mine.place->over) co_await decide_alone(mine);
    co_return;
  }
  const bool has_buffered = mine.kind == Kind::receive && !mine.place->buffer.empty();
  if (has_buffered) {
    co_await use_buffer(mine);
    co_return;
  }
  co_await meet_somebody(mine);
  if (mine.operation->decided) co_return;
  if (mine.kind == Kind::send && mine.place->buffer.size() < mine.place->capacity) {
    co_await use_buffer(mine);
  } else if (mine.kind == Kind::receive && mine.place->over) {
    co_await decide_alone(mine);
  }
}

Script ClaimWorld::meet_somebody(Entry& mine) {
  Operation& self = *mine.operation;
  const std::vector<Entry*> waiting = mine.place->waiting;
  for (std::size_t i = 0; i < waiting.size() && !self.decided; ++i) {
    Entry& theirs = *waiting[i];
    if (theirs.kind == mine.kind) continue;
    if (theirs.operation == &self && mutation_ != Mutation::pairs_with_itself) continue;
    co_await meet(mine, theirs);
  }
}

// Tries to pair the two.
Script ClaimWorld::meet(Entry& mine, Entry& theirs) {
  Operation& self = *mine.operation;
  Operation& other = *theirs.operation;
  const bool mine_first = mutation_ == Mutation::own_word_first || self.id < other.id;
  const bool lock_mine = !self.plain && mutation_ != Mutation::own_word_unlocked;
  if (mine_first && lock_mine) co_await Acquire(self, self.id);
  other.touch();
  if (!other.plain) co_await Acquire(other, self.id);
  other.touch();
  if (!mine_first && lock_mine) co_await Acquire(self, self.id);
  self.decided = self.picked != undecided;
  const bool meets = !self.decided && other.picked == undecided;
  if (meets) {
    if (mutation_ != Mutation::unlink_after_picked) mine.place->unlink(theirs);
    if (mine.kind == Kind::send) {
      other.received.push_back(mine.value());
    } else {
      self.received.push_back(theirs.value());
    }
    self.pick(mine.index);
    self.decided = true;
  }
  if (lock_mine) self.release();
  co_await Step();
  other.touch();
  if (meets) {
    other.pick(theirs.index);
    if (other.plain || other.parked || mutation_ == Mutation::wake_always) {
      self.to_wake.push_back(&other);
    }
  }
  if (!other.plain) other.release();
  if (meets && mutation_ == Mutation::unlink_after_picked) {
    co_await Step();
    other.touch();
    mine.place->unlink(theirs);
  }
}

// Sends to the ring or receives from it, if the own word is open.
Script ClaimWorld::use_buffer(Entry& mine) {
  Operation& self = *mine.operation;
  Place& channel = *mine.place;
  const bool claims = !self.plain && mutation_ != Mutation::buffer_without_claim;
  if (claims) co_await Acquire(self, self.id);
  self.decided = self.picked != undecided;
  const bool open = !self.decided || !claims;
  if (open && mine.kind == Kind::send) channel.buffer.push_back(mine.value());
  if (open && mine.kind == Kind::receive) {
    self.received.push_back(channel.buffer.front());
    channel.buffer.pop_front();
  }
  if (open && mutation_ == Mutation::refill_before_commit) co_await refill(self, channel);
  if (!self.decided) self.pick(mine.index);
  self.decided = true;
  if (claims) self.release();
  if (!open || mine.kind == Kind::send || mutation_ == Mutation::refill_before_commit) co_return;
  co_await Step();
  co_await refill(self, channel);
}

// The longest-parked sender's value takes the place that has become free.
Script ClaimWorld::refill(Operation& self, Place& channel) {
  if (mutation_ == Mutation::no_refill) co_return;
  const std::vector<Entry*> waiting = channel.waiting;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    Entry& theirs = *waiting[i];
    Operation& other = *theirs.operation;
    if (theirs.kind != Kind::send) continue;
    other.touch();
    const bool claims = !other.plain && mutation_ != Mutation::refill_without_claim;
    if (claims) co_await Acquire(other, self.id);
    other.touch();
    const bool open = other.picked == undecided || !claims;
    if (open) {
      channel.unlink(theirs);
      channel.buffer.push_back(theirs.value());
      if (other.picked == undecided) other.pick(theirs.index);
      if (other.plain || other.parked) self.to_wake.push_back(&other);
    }
    if (claims) other.release();
    if (open) co_return;
  }
}

Script ClaimWorld::decide_alone(Entry& mine) {
  Operation& self = *mine.operation;
  if (!self.plain) co_await Acquire(self, self.id);
  if (self.picked == undecided) self.pick(mine.index);
  self.decided = true;
  if (!self.plain) self.release();
}

Script ClaimWorld::wake(Operation& self) {
  for (Operation* other : self.to_wake) {
    co_await Step();
    other->wake();
  }
}

Script ClaimWorld::park(Operation& self) {
  bool has_to_sleep = !self.decided;
  if (self.plain) {
    if (has_to_sleep) co_await Sleep(self.wakes);
    co_return;
  }
  if (mutation_ == Mutation::park_without_lock) {
    co_await Step();
    has_to_sleep = self.picked == undecided;
    co_await Step();
    if (has_to_sleep) self.parked = true;
  } else {
    co_await Acquire(self, self.id);
    has_to_sleep = self.picked == undecided;
    if (has_to_sleep) self.parked = true;
    self.release();
  }
  if (has_to_sleep) co_await Sleep(self.wakes);
}

Script ClaimWorld::withdraw(Operation& self) {
  for (Entry& mine : self.entries) {
    if (mine.index == self.picked) continue;
    co_await Acquire(*mine.place, self.id);
    if (mine.linked) mine.place->unlink(mine);
    mine.place->release();
  }
}

// Claims the operation of an entry. Requires: the place's lock, unless a mutation gave it back.
Script ClaimWorld::pick_from_outside(Entry& theirs, int me, std::vector<Operation*>& to_wake) {
  Operation& other = *theirs.operation;
  other.touch();
  if (!other.plain) co_await Acquire(other, me);
  other.touch();
  if (other.picked == undecided) {
    if (theirs.linked) theirs.place->unlink(theirs);
    other.pick(theirs.index);
    if (other.plain || other.parked) to_wake.push_back(&other);
  }
  if (!other.plain) other.release();
}

Script ClaimWorld::fire(Entry& timer, int me) {
  std::vector<Operation*> to_wake;
  co_await Acquire(heap_, me);
  const bool due = timer.linked;
  if (due) heap_.unlink(timer);
  const bool early = mutation_ == Mutation::claim_after_heap_unlocked;
  if (early) heap_.release();
  if (due) co_await pick_from_outside(timer, me, to_wake);
  co_await Step();
  if (!early) heap_.release();
  for (Operation* other : to_wake) {
    co_await Step();
    other->wake();
  }
}

Script ClaimWorld::cancel(Place& context, int me) {
  std::vector<Operation*> to_wake;
  co_await Acquire(context, me);
  context.over = true;
  const std::vector<Entry*> waiting = context.waiting;
  while (!context.waiting.empty()) context.unlink(*context.waiting.front());
  const bool early = mutation_ == Mutation::cancel_after_unlocked;
  if (early) context.release();
  for (Entry* theirs : waiting) co_await pick_from_outside(*theirs, me, to_wake);
  if (!early) context.release();
  for (Operation* other : to_wake) {
    co_await Step();
    other->wake();
  }
}

Script ClaimWorld::close(Place& channel, int me) {
  std::vector<Operation*> to_wake;
  co_await Acquire(channel, me);
  channel.over = true;
  const std::vector<Entry*> waiting = channel.waiting;
  for (Entry* theirs : waiting) {
    Operation& other = *theirs->operation;
    if (theirs->kind != Kind::receive) continue;
    if (mutation_ == Mutation::close_forgets_selects && !other.plain) continue;
    if (mutation_ == Mutation::close_without_claim) {
      other.pick(theirs->index);
      channel.unlink(*theirs);
      to_wake.push_back(&other);
      continue;
    }
    co_await pick_from_outside(*theirs, me, to_wake);
  }
  channel.release();
  for (Operation* other : to_wake) {
    co_await Step();
    other->wake();
  }
}

// Requires: no thread can go on.
void ClaimWorld::check_end() const {
  check_locks();
  for (const Operation& operation : operations_) {
    if (!operation.alive) continue;
    if (operation.picked != undecided) throw Bug("a decided operation was never woken");
    for (const Entry& entry : operation.entries) check_entry(entry);
  }
  check_values();
}

// Throws if the entry, whose operation waits, waits in vain.
void ClaimWorld::check_entry(const Entry& entry) const {
  const Place& place = *entry.place;
  if (place.over && entry.kind != Kind::send) throw Bug("an operation waits for what is over");
  if (entry.kind == Kind::receive && !place.buffer.empty()) {
    throw Bug("a receive waits where there is a value");
  }
  if (entry.kind == Kind::send && place.buffer.size() < place.capacity) {
    throw Bug("a send waits where there is room");
  }
  for (const Entry* other : place.waiting) {
    const bool pairs = entry.kind == Kind::send && other->kind == Kind::receive;
    if (pairs && other->operation != entry.operation && other->operation->alive) {
      throw Bug("two operations wait for each other");
    }
  }
}

// Each value is received, in a buffer, or with the sender that was not picked; in one place.
void ClaimWorld::check_values() const {
  std::vector<int> sent = first_values_;
  std::vector<int> there;
  for (const Operation& operation : operations_) {
    there.insert(there.end(), operation.received.begin(), operation.received.end());
    for (const Entry& entry : operation.entries) {
      const bool picked = entry.index == operation.picked;
      if (entry.kind == Kind::send && picked) sent.push_back(entry.value());
      const bool may_be_empty = entry.kind != Kind::receive || entry.place->over;
      if (picked && operation.received.empty() && !may_be_empty) {
        throw Bug("a receive was told of a value that is not there");
      }
      if (picked && entry.kind != Kind::receive && !operation.received.empty()) {
        throw Bug("a case that lost has a value");
      }
    }
  }
  for (const Place& channel : channels_) {
    if (channel.buffer.size() > channel.capacity) throw Bug("a buffer is more than full");
    there.insert(there.end(), channel.buffer.begin(), channel.buffer.end());
  }
  std::ranges::sort(sent);
  std::ranges::sort(there);
  if (sent != there) throw Bug("a value was lost or doubled");
}

}  // namespace

Verdict try_claims(Scenario scenario, Mutation mutation, int preemptions,
                   std::uint64_t schedules_max) {
  return try_schedules([&] { return std::make_unique<ClaimWorld>(scenario, mutation); },
                       preemptions, schedules_max);
}

}  // namespace weir::model
