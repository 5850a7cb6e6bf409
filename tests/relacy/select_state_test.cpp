// The word of a select: one claim wins, the owner wakes once, and sees what the winner did.

#include <functional>

#include "tests/relacy/checking.h"

#define atomic simulated_atomic
#include "weir/base/spin_lock.h"
#include "weir/sync/claim.cpp"
#undef atomic

namespace weir::relacy {
namespace {

// What a scheduler is for the test: a task that has parked goes on when it has been made ready.
class Owner {
 public:
  void begin() {
    state.reset(task_);
    ready_(RL_INFO).store(0, rl::mo_relaxed);
  }

  // The last steps of a select: parks unless it has been decided; what was picked.
  int finish() {
    if (state.park()) {
      while (ready_(RL_INFO).load(rl::mo_acquire) == 0) rl::yield(1, RL_INFO);
    }
    return state.picked();
  }

  // Makes those in the list ready that are this owner.
  void wake(WakeList& wakes) {
    if (wakes.pop() == nullptr) return;
    RL_ASSERT(ready_(RL_INFO).exchange(1, rl::mo_acq_rel) == 0);  // Woken twice otherwise.
  }

  SelectState state;
  rl::var<int> slot;  // the value that the winner moves

 private:
  TaskRecord task_;
  rl::atomic<int> ready_;
};

// One select, and two containers that both want to decide it.
struct TwoPickers : rl::test_suite<TwoPickers, 3> {
  Owner owner;
  rl::atomic<int> winners;

  void before() {
    owner.begin();
    winners(RL_INFO) = 0;
  }
  void thread(unsigned index) {
    if (index == 0) {
      const int picked = owner.finish();
      RL_ASSERT(picked == 1 || picked == 2);
      RL_ASSERT(owner.slot(RL_INFO) == picked);
      return;
    }
    const int mine = static_cast<int>(index);
    if (!owner.state.try_lock_open()) return;
    owner.slot(RL_INFO) = mine;
    winners(RL_INFO).fetch_add(1, rl::mo_relaxed);
    WakeList wakes;
    owner.state.pick(mine, wakes);
    owner.wake(wakes);
  }
  void after() { RL_ASSERT(winners(RL_INFO) == 1); }
};

// Two selects that meet: both want to claim the other, and themselves with it.
struct Crossing : rl::test_suite<Crossing, 2> {
  Owner owners[2];
  rl::atomic<int> meetings;

  void before() {
    owners[0].begin();
    owners[1].begin();
    meetings(RL_INFO) = 0;
  }
  void thread(unsigned index) {
    Owner& self = owners[index];
    Owner& other = owners[1 - index];
    if (claim_word(&other.state, &self.state) == Claim::won) {
      self.slot(RL_INFO) = 7;
      other.slot(RL_INFO) = 7;
      meetings(RL_INFO).fetch_add(1, rl::mo_relaxed);
      WakeList wakes;
      commit_word(self.state, 1);
      other.state.pick(1, wakes);
      other.wake(wakes);
    }
    RL_ASSERT(self.finish() == 1);
    RL_ASSERT(self.slot(RL_INFO) == 7);
  }
  void after() { RL_ASSERT(meetings(RL_INFO) == 1); }
};

TEST(SelectStateRelacy, OneOfTwoPickersWinsAndTheOwnerSeesItsValue) {
  expect_sound<TwoPickers>(100'000);
}

TEST(SelectStateRelacy, TwoSelectsThatCrossMeetOnce) {
  expect_sound<Crossing>(100'000);
}

TEST(SelectStateRelacy, NeedsItsReleaseAndItsAcquire) {
  expect_found<TwoPickers>(Weakened::release, 100'000);
  expect_found<TwoPickers>(Weakened::acquire, 100'000);
  expect_found<Crossing>(Weakened::release, 100'000);
  expect_found<Crossing>(Weakened::acquire, 100'000);
}

}  // namespace
}  // namespace weir::relacy
