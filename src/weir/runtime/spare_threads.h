// Threads that come and go: they run processors, and what may block.
//
// A job goes to the thread that has idled for the shortest time, else to a new thread. A thread
// that has idled for long ends. What may block takes one of a bounded number of places; with all of
// them taken, jobs wait in line, first come, first served. Nothing is lost and nothing is refused:
// who waits is a task, not a thread.
//
// Invariants, under lock_:
//  - the line is empty unless all places are taken;
//  - a thread in idle_ has no job. Who takes it out gives it one and then unparks it, so a token
//    that is left over from an earlier round only makes a later park return early.
//
// Turned down: a thread for each call (Go's way: its limit of 10,000 threads is a crash, not a
// queue) and a fixed pool (idle threads for ever, or a line behind one slow call).

#pragma once

#include <csignal>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "weir/base/time.h"
#include "weir/runtime/parker.h"
#include "weir/runtime/thread_job.h"

namespace weir {

class SpareThreads {
 public:
  // `places`: how many jobs that take a place may be under way. `idle`: how long a thread waits for
  // its next job before it ends.
  SpareThreads(int places, Duration idle);
  ~SpareThreads();

  // Before the first job and after each join_all(). Takes the calling thread's signal mask for the
  // threads to come: one that the monitor starts does not get the monitor's.
  void open();

  // Runs `job` at once. False if the system gives no more threads. Any thread.
  bool start(ThreadJob& job);

  // Runs `job` as soon as it has a place. False if there is no thread for it and none that will be
  // free: the caller has to run it. Any thread.
  bool enqueue(ThreadJob& job);

  // Takes a place for what blocks on a thread of its own; false if all are taken or promised.
  bool try_take_place();
  void give_place_back();

  // Waits until every job has ended and every thread with it.
  void join_all();

  // Threads that there are now, those of them that idle, and jobs that wait for a place. Any
  // thread.
  int threads() const;
  int idle() const;
  int waiting() const;

 private:
  struct Thread {
    std::thread thread;
    Parker parker;
    ThreadJob* job = nullptr;  // guarded by lock_
    bool in_place = false;     // the job takes a place; guarded by lock_
  };

  bool give_to_thread(ThreadJob& job, bool in_place);
  void live(Thread& self);
  ThreadJob* next_job(Thread& self);
  ThreadJob* await_job(Thread& self, std::unique_lock<std::mutex>& guard);
  void retire(Thread& self);
  ThreadJob* pop_waiting();

  const int places_;
  const Duration idle_time_;

  mutable std::mutex lock_;
  // All below are guarded by lock_.
  sigset_t signals_{};  // of the threads to come
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<Thread*> idle_;         // the last has idled for the shortest time
  std::vector<std::thread> retired_;  // have ended or are about to
  int taken_ = 0;
  ThreadJob* first_waiting_ = nullptr;
  ThreadJob* last_waiting_ = nullptr;
  int waiting_ = 0;
  bool closing_ = false;
};

}  // namespace weir
