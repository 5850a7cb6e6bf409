// The lone thread of runtime/lone_thread.h and those that come to it, as programs for a machine
// with store buffers.
//
// One thread or two become lone and take locks; others, newcomers, take locks and end that. A lock
// is a word and the section that it guards. The programs go through the steps of LoneThread and
// LoneLock one by one, each taking locks twice; what the sources call sequentially consistent is a
// locked instruction if it is a store, and every other store waits in the buffer. A mutation leaves
// one step out, or turns two round; the search has to find out.

#pragma once

#include "tests/model/store_buffers.h"

namespace weir::model {

enum class LoneScenario {
  one_newcomer,    // at the lock that the lone thread takes
  two_newcomers,   // at two locks, both of which the lone thread takes
  two_lone,        // two that become lone, at two locks
  lone_and_other,  // two that become lone and a newcomer, at one lock
};

enum class LoneMutation {
  none,
  no_barrier,            // the newcomer takes the title and looks at once
  no_second_look,        // the lone thread does not look at the title from inside
  no_look_at_lock,       // the lone thread does not look whether somebody holds the lock
  title_before_lock,     // the newcomer looks for a title before it takes the lock
  waits_inside,          // the lone thread waits for a held lock in its section
  title_in_buffer,       // enter() stores the title without a locked instruction
  title_free_at_once,    // end() leaves the title free while it waits for the section
  ends_without_waiting,  // end() does not wait for the section
  changes_without_lock,  // titles are given and taken without change_lock_
};

Exhausted exhaust_lone(LoneScenario scenario, LoneMutation mutation);

}  // namespace weir::model
