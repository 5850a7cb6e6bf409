// The claim of sync/claim.h as a model that is tried in every order, within a bound of preemptions.
//
// A thread of the model is a coroutine that stops before each step which others could see. The
// explorer runs a scenario from its start for every choice of who goes next: any number of switches
// where a thread cannot go on, and a bounded number elsewhere (most errors need one or two). After
// each run it looks for partners that both wait, for tasks that were decided and never woken, for
// locks that nobody will give back, and for more or fewer meetings than tasks that were told of
// one; on the way, for touching a select that is gone and for waking one twice.
//
// A mutation breaks one rule of the protocol; the explorer has to find out.

#pragma once

#include <cstdint>
#include <string>

namespace weir::model {

enum class Scenario {
  cross,           // A{send 1, receive 2} and B{receive 1, send 2}
  cross_reversed,  // the same, with B's cases in the other order
  three,           // A{send 1, receive 2}, B{receive 1}, C{send 2}
  four,            // four selects over two channels, all of which can pair
  ring,            // three selects around three channels
  timer,           // A{send 1, receive 2} with a deadline, B{receive 1}
};

enum class Mutation {
  none,
  park_without_lock,          // looks at the word, then sets "parked"
  unlink_after_picked,        // takes the partner's entry out when the word is free already
  claim_after_heap_unlocked,  // the timer gives its lock back before it claims
  own_word_first,             // locks the own word first, whatever the addresses
  own_word_unlocked,          // decides the partner without locking the own word
  wake_always,                // wakes a partner that has not parked
};

struct Verdict {
  std::string bug;  // empty: none found
  std::uint64_t schedules = 0;
  bool exhausted = false;
};

// Tries all schedules with at most `preemptions`, or `schedules_max` of them.
Verdict explore(Scenario scenario, Mutation mutation, int preemptions, std::uint64_t schedules_max);

}  // namespace weir::model
