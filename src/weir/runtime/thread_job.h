// Something to be run on a thread other than the caller's; it knows nothing of threads itself.

#pragma once

namespace weir {

class ThreadJob {
 public:
  ThreadJob() = default;
  ThreadJob(const ThreadJob&) = delete;
  ThreadJob& operator=(const ThreadJob&) = delete;

  // Called once, with no lock held. The job may be gone when the call returns.
  virtual void run_on_thread() noexcept = 0;

 protected:
  ~ThreadJob() = default;

 private:
  friend class SpareThreads;

  ThreadJob* next_job_ = nullptr;  // in the line of those that wait for a place
};

}  // namespace weir
