#include "weir/runtime/spare_threads.h"

#include <system_error>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/clock.h"

namespace weir {

SpareThreads::SpareThreads(int places, Duration idle) : places_(places), idle_time_(idle) {
  WEIR_CHECK(places >= 1, "blocking_threads_max is below 1: no blocking call could ever run");
}

SpareThreads::~SpareThreads() {
  join_all();
}

void SpareThreads::open() {
  const std::lock_guard guard(lock_);
  pthread_sigmask(SIG_SETMASK, nullptr, &signals_);
  closing_ = false;
}

bool SpareThreads::start(ThreadJob& job) {
  const std::lock_guard guard(lock_);
  return give_to_thread(job, false);
}

bool SpareThreads::enqueue(ThreadJob& job) {
  const std::lock_guard guard(lock_);
  if (taken_ < places_ && give_to_thread(job, true)) {
    ++taken_;
    return true;
  }
  if (taken_ == 0) return false;
  job.next_job_ = nullptr;
  (first_waiting_ == nullptr ? first_waiting_ : last_waiting_->next_job_) = &job;
  last_waiting_ = &job;
  ++waiting_;
  return true;
}

bool SpareThreads::try_take_place() {
  const std::lock_guard guard(lock_);
  if (taken_ >= places_) return false;
  ++taken_;
  return true;
}

// A place that goes back goes to the first in line. If the system gives no thread for that one, the
// caller's has to do.
void SpareThreads::give_place_back() {
  for (;;) {
    std::unique_lock guard(lock_);
    ThreadJob* job = pop_waiting();
    if (job == nullptr) --taken_;
    if (job == nullptr || give_to_thread(*job, true)) return;
    guard.unlock();
    job->run_on_thread();
  }
}

ThreadJob* SpareThreads::pop_waiting() {
  ThreadJob* job = first_waiting_;
  if (job == nullptr) return nullptr;
  first_waiting_ = job->next_job_;
  --waiting_;
  return job;
}

bool SpareThreads::give_to_thread(ThreadJob& job, bool in_place) {
  if (!idle_.empty()) {
    Thread& thread = *idle_.back();
    idle_.pop_back();
    thread.job = &job;
    thread.in_place = in_place;
    thread.parker.unpark();
    return true;
  }
  for (std::thread& thread : std::exchange(retired_, {})) thread.join();
  auto thread = std::make_unique<Thread>();
  thread->job = &job;
  thread->in_place = in_place;
  try {
    thread->thread = std::thread([this, &self = *thread] { live(self); });
  } catch (const std::system_error&) {
    return false;
  }
  threads_.push_back(std::move(thread));
  return true;
}

void SpareThreads::live(Thread& self) {
  lock_.lock();
  ThreadJob* job = std::exchange(self.job, nullptr);
  const sigset_t signals = signals_;
  lock_.unlock();
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  for (; job != nullptr; job = next_job(self)) job->run_on_thread();
}

// The next job for a thread that has ended one: null if the thread has to end.
ThreadJob* SpareThreads::next_job(Thread& self) {
  std::unique_lock guard(lock_);
  if (std::exchange(self.in_place, false)) {
    if (ThreadJob* job = pop_waiting()) {
      self.in_place = true;
      return job;
    }
    --taken_;
  }
  return closing_ ? nullptr : await_job(self, guard);
}

ThreadJob* SpareThreads::await_job(Thread& self, std::unique_lock<std::mutex>& guard) {
  idle_.push_back(&self);
  const TimePoint end = saturating_add(steady_now(), idle_time_);
  for (;;) {
    const Duration limit = end == time_never ? Duration::max() : end - steady_now();
    guard.unlock();
    self.parker.park(limit);
    guard.lock();
    if (self.job != nullptr) return std::exchange(self.job, nullptr);
    if (closing_) return nullptr;
    if (steady_now() >= end) break;
  }
  retire(self);
  return nullptr;
}

void SpareThreads::retire(Thread& self) {
  std::erase(idle_, &self);
  retired_.push_back(std::move(self.thread));
  std::erase_if(threads_, [&](const auto& each) { return each.get() == &self; });
}

void SpareThreads::join_all() {
  std::unique_lock guard(lock_);
  closing_ = true;
  for (Thread* thread : std::exchange(idle_, {})) thread->parker.unpark();
  while (!threads_.empty() || !retired_.empty()) {
    std::thread thread;
    std::unique_ptr<Thread> owner;  // Until its thread has ended.
    if (!retired_.empty()) {
      thread = std::move(retired_.back());
      retired_.pop_back();
    } else {
      owner = std::move(threads_.back());
      threads_.pop_back();
      thread = std::move(owner->thread);
    }
    guard.unlock();
    thread.join();
    guard.lock();
  }
}

int SpareThreads::threads() const {
  const std::lock_guard guard(lock_);
  return static_cast<int>(threads_.size());
}

int SpareThreads::idle() const {
  const std::lock_guard guard(lock_);
  return static_cast<int>(idle_.size());
}

int SpareThreads::waiting() const {
  const std::lock_guard guard(lock_);
  return waiting_;
}

}  // namespace weir
