#include "tests/model/claim_model.h"

#include <algorithm>
#include <coroutine>
#include <deque>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

namespace weir::model {
namespace {

struct Bug : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr int nobody = -1;
constexpr int undecided = -1;
constexpr int by_timer = -2;

struct Lock {
  int holder = nobody;
};

struct Select;

struct Entry {
  Select* select;
  int index;
  struct Queue* queue;
  bool sends;
  bool linked = false;
};

struct Queue : Lock {
  std::vector<Entry*> waiting;

  void link(Entry& entry) {
    waiting.push_back(&entry);
    entry.linked = true;
  }
  void unlink(Entry& entry) {
    std::erase(waiting, &entry);
    entry.linked = false;
  }
};

struct Select : Lock {  // the lock is that of the word
  int id = 0;
  std::vector<Entry> entries;
  int picked = undecided;
  bool parked = false;
  bool alive = true;
  int wakes = 0;
  bool decided = false;       // as far as its own thread knows
  Select* to_wake = nullptr;  // known to its own thread alone

  void touch() const {
    if (!alive) throw Bug("a select was touched that is gone");
  }
  void wake() {
    touch();
    if (++wakes > 1) throw Bug("a select was woken twice");
  }
};

// What a thread of the model waits for, and where it goes on.
struct Thread {
  std::coroutine_handle<> innermost;
  bool calls = false;  // a coroutine has called or ended: no step, go on with the innermost
  const Lock* wanted = nullptr;
  const Select* sleeper = nullptr;
  std::exception_ptr failure;

  bool ended() const { return !innermost; }

  bool can_go_on() const {
    if (ended()) return false;
    if (wanted != nullptr) return wanted->holder == nobody;
    return sleeper == nullptr || sleeper->wakes > 0;
  }

  void go_on() {
    wanted = nullptr;
    sleeper = nullptr;
    do {
      calls = false;
      innermost.resume();
    } while (calls && innermost);
    if (failure) std::rethrow_exception(failure);
  }
};

// A coroutine of the model; awaited by another one, it runs as its part.
class Script {
 public:
  struct promise_type {
    Script get_return_object() {
      return Script(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept {
      thread->innermost = caller;
      thread->calls = true;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { thread->failure = std::current_exception(); }

    Thread* thread = nullptr;
    std::coroutine_handle<> caller = nullptr;
  };
  using Frame = std::coroutine_handle<promise_type>;

  explicit Script(Frame frame) : frame_(frame) {}
  Script(Script&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  ~Script() {
    if (frame_) frame_.destroy();
  }

  void start_on(Thread& thread) const {
    frame_.promise().thread = &thread;
    thread.innermost = frame_;
  }

  bool await_ready() const { return false; }
  void await_suspend(Frame caller) const {
    frame_.promise().caller = caller;
    start_on(*caller.promise().thread);
    caller.promise().thread->calls = true;
  }
  void await_resume() const {}

 private:
  Frame frame_;
};

using Frame = Script::Frame;

class Step {
 public:
  Step() = default;
  bool await_ready() const { return false; }
  void await_suspend(Frame) const {}
  void await_resume() const {}
};

class Acquire {
 public:
  Acquire(Lock& lock, int me) : lock_(lock), me_(me) {}
  bool await_ready() const { return false; }
  void await_suspend(Frame self) const { self.promise().thread->wanted = &lock_; }
  void await_resume() const { lock_.holder = me_; }

 private:
  Lock& lock_;
  int me_;
};

class Sleep {
 public:
  explicit Sleep(const Select& select) : select_(select) {}
  bool await_ready() const { return false; }
  void await_suspend(Frame self) const { self.promise().thread->sleeper = &select_; }
  void await_resume() const {}

 private:
  const Select& select_;
};

void release(Lock& lock) {
  lock.holder = nobody;
}

// One run of a scenario.
class World {
 public:
  World(Scenario scenario, Mutation mutation);

  std::deque<Thread>& threads() { return threads_; }
  void check_end() const;

 private:
  struct Arm {
    std::size_t queue;
    bool sends;
  };

  void add(std::vector<Arm> arms, bool timed = false);
  void start(Script script);

  // The parts of a select, in the order of sync/select.cpp.
  Script run_select(Select& self, bool timed);
  Script enroll(Select& self);
  Script meet(Entry& mine, Entry& theirs);
  Script wake(Select& self);
  Script park(Select& self);
  Script withdraw(Select& self);
  Script run_timer(Select& target, int me);
  void check_pairs() const;

  Mutation mutation_;
  std::deque<Queue> queues_{3};
  std::deque<Select> selects_;
  Lock heap_;
  std::vector<Select*> armed_;  // guarded by heap_
  std::deque<Thread> threads_;
  std::deque<Script> scripts_;
  int meetings_ = 0;
  int timeouts_ = 0;
  int ended_ = 0;
};

World::World(Scenario scenario, Mutation mutation) : mutation_(mutation) {
  constexpr bool send = true;
  constexpr bool receive = false;
  add({{0, send}, {scenario == Scenario::ring ? 2u : 1u, receive}}, scenario == Scenario::timer);
  switch (scenario) {
    case Scenario::cross:
      add({{0, receive}, {1, send}});
      break;
    case Scenario::cross_reversed:
      add({{1, send}, {0, receive}});
      break;
    case Scenario::three:
      add({{0, receive}});
      add({{1, send}});
      break;
    case Scenario::four:
      add({{0, receive}, {1, receive}});
      add({{1, send}, {0, receive}});
      add({{0, send}});
      break;
    case Scenario::ring:
      add({{1, send}, {0, receive}});
      add({{2, send}, {1, receive}});
      break;
    case Scenario::timer:
      add({{0, receive}});
      start(run_timer(selects_[0], 2));
      break;
  }
}

void World::add(std::vector<Arm> arms, bool timed) {
  Select& select = selects_.emplace_back();
  select.id = static_cast<int>(selects_.size()) - 1;
  for (const Arm& arm : arms) {
    const int index = static_cast<int>(select.entries.size());
    select.entries.push_back({&select, index, &queues_[arm.queue], arm.sends, false});
  }
  start(run_select(select, timed));
}

void World::start(Script script) {
  scripts_.push_back(std::move(script));
  scripts_.back().start_on(threads_.emplace_back());
}

Script World::run_select(Select& self, bool timed) {
  if (timed) {
    co_await Acquire(heap_, self.id);
    armed_.push_back(&self);
    release(heap_);
  }
  co_await enroll(self);
  co_await wake(self);
  co_await park(self);
  if (self.picked == undecided) throw Bug("a select was woken that nobody has decided");
  co_await withdraw(self);
  if (timed) {
    co_await Acquire(heap_, self.id);
    std::erase(armed_, &self);
    release(heap_);
  }
  co_await Step();
  self.alive = false;
  ++ended_;
}

Script World::enroll(Select& self) {
  for (std::size_t i = 0; i < self.entries.size() && !self.decided; ++i) {
    Entry& mine = self.entries[i];
    Queue& queue = *mine.queue;
    co_await Acquire(queue, self.id);
    const std::vector<Entry*> waiting = queue.waiting;
    for (std::size_t k = 0; k < waiting.size() && !self.decided; ++k) {
      Entry& theirs = *waiting[k];
      if (theirs.sends == mine.sends || theirs.select == &self) continue;
      co_await meet(mine, theirs);
    }
    if (!self.decided) queue.link(mine);
    release(queue);
  }
}

// Tries to pair the two. Requires: the queue's lock.
Script World::meet(Entry& mine, Entry& theirs) {
  Select& self = *mine.select;
  Select& other = *theirs.select;
  const bool mine_first = mutation_ == Mutation::own_word_first || self.id < other.id;
  const bool lock_mine = mutation_ != Mutation::own_word_unlocked;
  if (mine_first && lock_mine) co_await Acquire(self, self.id);
  other.touch();
  co_await Acquire(other, self.id);
  other.touch();
  if (!mine_first && lock_mine) co_await Acquire(self, self.id);
  self.decided = self.picked != undecided;
  const bool meets = !self.decided && other.picked == undecided;
  if (meets) {
    if (mutation_ != Mutation::unlink_after_picked) mine.queue->unlink(theirs);
    self.picked = mine.index;
    self.decided = true;
    ++meetings_;
  }
  if (lock_mine) release(self);
  co_await Step();
  other.touch();
  if (meets) {
    other.picked = theirs.index;
    if (other.parked || mutation_ == Mutation::wake_always) self.to_wake = &other;
  }
  release(other);
  if (meets && mutation_ == Mutation::unlink_after_picked) {
    co_await Step();
    other.touch();
    mine.queue->unlink(theirs);
  }
}

Script World::wake(Select& self) {
  if (self.to_wake == nullptr) co_return;
  co_await Step();
  self.to_wake->wake();
}

Script World::park(Select& self) {
  bool has_to_sleep = false;
  if (mutation_ == Mutation::park_without_lock) {
    co_await Step();
    has_to_sleep = self.picked == undecided;
    co_await Step();
    if (has_to_sleep) self.parked = true;
  } else {
    co_await Acquire(self, self.id);
    has_to_sleep = self.picked == undecided;
    if (has_to_sleep) self.parked = true;
    release(self);
  }
  if (has_to_sleep) co_await Sleep(self);
}

Script World::withdraw(Select& self) {
  for (Entry& mine : self.entries) {
    if (mine.index == self.picked) continue;
    co_await Acquire(*mine.queue, self.id);
    if (mine.linked) mine.queue->unlink(mine);
    release(*mine.queue);
  }
}

Script World::run_timer(Select& target, int me) {
  co_await Acquire(heap_, me);
  const bool due = std::erase(armed_, &target) > 0;
  const bool early = mutation_ == Mutation::claim_after_heap_unlocked;
  bool wakes = false;
  if (early) release(heap_);
  if (due) {
    target.touch();
    co_await Acquire(target, me);
    target.touch();
    if (target.picked == undecided) {
      target.picked = by_timer;
      ++timeouts_;
      wakes = target.parked;
    }
    release(target);
    co_await Step();
  }
  if (!early) release(heap_);
  if (wakes) {
    co_await Step();
    target.wake();
  }
}

// Requires: no thread can go on.
void World::check_end() const {
  for (const Thread& thread : threads_) {
    if (!thread.ended() && thread.wanted != nullptr)
      throw Bug("threads wait for each other's locks");
  }
  for (const Select& select : selects_) {
    if (select.alive && select.picked != undecided) throw Bug("a decided select was never woken");
  }
  check_pairs();
  if (2 * meetings_ + timeouts_ != ended_) throw Bug("meetings and tasks that met do not agree");
}

void World::check_pairs() const {
  for (const Select& one : selects_) {
    for (const Select& other : selects_) {
      if (&one == &other || !one.alive || !other.alive) continue;
      for (const Entry& mine : one.entries) {
        for (const Entry& theirs : other.entries) {
          if (mine.queue == theirs.queue && mine.sends && !theirs.sends) {
            throw Bug("two selects wait for each other");
          }
        }
      }
    }
  }
}

using Schedule = std::vector<std::size_t>;

// Runs one schedule: `prefix` first, then whoever goes on without a switch. Adds what else could
// have been done after the prefix to `others`.
void run_schedule(World& world, const Schedule& prefix, int preemptions,
                  std::vector<Schedule>& others) {
  std::deque<Thread>& threads = world.threads();
  Schedule taken;
  std::size_t current = threads.size();
  for (;;) {
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      if (threads[i].can_go_on()) able.push_back(i);
    }
    if (able.empty()) break;
    const auto place = std::ranges::find(able, current);
    const bool goes_on = place != able.end();
    if (goes_on) std::iter_swap(able.begin(), place);
    std::size_t next = able[0];
    if (taken.size() < prefix.size()) {
      next = prefix[taken.size()];
      if (goes_on && next != current) --preemptions;
    } else if (!goes_on || preemptions > 0) {
      for (std::size_t i = 1; i < able.size(); ++i) {
        others.push_back(taken);
        others.back().push_back(able[i]);
      }
    }
    taken.push_back(next);
    current = next;
    threads[next].go_on();
  }
  world.check_end();
}

}  // namespace

Verdict explore(Scenario scenario, Mutation mutation, int preemptions,
                std::uint64_t schedules_max) {
  Verdict verdict;
  std::vector<Schedule> open = {{}};
  while (!open.empty() && verdict.schedules < schedules_max) {
    const Schedule prefix = std::move(open.back());
    open.pop_back();
    ++verdict.schedules;
    World world(scenario, mutation);
    try {
      run_schedule(world, prefix, preemptions, open);
    } catch (const Bug& bug) {
      verdict.bug = bug.what();
      return verdict;
    }
  }
  verdict.exhausted = open.empty();
  return verdict;
}

}  // namespace weir::model
