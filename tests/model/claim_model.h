// The claim of sync/claim.h and what channels, contexts and timers do with it, as a model.
//
// An operation of the model is a select over sends, receives, the end of a context and a timer, or
// a plain send or receive. It goes through the steps of sync/select.cpp and sync/channel_core.cpp,
// each lock and each store that others can see being a place where another thread may go on. The
// search of model_thread.h tries the orders. After each run it looks for partners that both wait,
// for who waits where there is a value, room, an end or a cancel, for operations that were decided
// and never woken, for locks that nobody will give back, and for values that are in two places or
// in none; on the way, for touching an operation that is gone and for waking one twice.
//
// A mutation breaks one rule of the protocol; the search has to find out.

#pragma once

#include <cstdint>

#include "tests/model/model_thread.h"

namespace weir::model {

enum class Scenario {
  cross,           // A{send 1, receive 2} and B{receive 1, send 2}
  cross_reversed,  // the same, with B's cases in the other order
  three,           // A{send 1, receive 2}, B{receive 1}, C{send 2}
  four,            // four selects over two channels, all of which can pair
  ring,            // three selects around three channels
  timer,           // A{send 1, receive 2} with a deadline, B{receive 1}
  cancel_receive,  // A{done, receive 1}, B plain send 1, and a cancel
  cancel_send,     // A{done, send 1}, B plain receive 1, and a cancel
  cancel_timer,    // A{done, receive 1} with a deadline, and a cancel
  both_ends,       // A{send 1, receive 1}, B plain receive 1
  buffer,          // 1 has room for one: A{send 1, send 2}, B{receive 1, receive 2}, C plain send 1
  buffer_full,     // 1 holds one: A{send 1, receive 2}, B plain receive 1, C plain send 2
  buffer_own,      // 1 holds one: A{send 1, receive 1} with A's send first, B plain receive 1
  close,           // A{receive 1, receive 2}, B plain receive 1, a close of 1, C plain send 2
  close_full,      // 1 holds one: A{receive 1, receive 2}, B plain receive 1, and a close of 1
};

enum class Mutation {
  none,
  park_without_lock,          // looks at the word, then sets "parked"
  unlink_after_picked,        // takes the partner's entry out when the word is free already
  claim_after_heap_unlocked,  // the timer gives its lock back before it claims
  cancel_after_unlocked,      // so does the context
  own_word_first,             // locks the own word first, whatever the addresses
  own_word_unlocked,          // decides the partner without locking the own word
  wake_always,                // wakes a partner that has not parked
  pairs_with_itself,          // a select that sends and receives on a channel meets itself
  buffer_without_claim,       // takes a buffered value without claiming the own word
  refill_without_claim,       // moves a parked sender's value up without claiming the sender
  refill_before_commit,       // moves it up while the own word is still locked
  no_refill,                  // leaves parked senders where they are when there is room
  close_without_claim,        // close wakes selects that were decided elsewhere
  close_forgets_selects,      // close wakes plain receivers only
};

// Tries all schedules with at most `preemptions`, or `schedules_max` of them.
Verdict try_claims(Scenario scenario, Mutation mutation, int preemptions,
                   std::uint64_t schedules_max);

}  // namespace weir::model
