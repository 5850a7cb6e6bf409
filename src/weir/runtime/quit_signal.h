// SIGQUIT (Ctrl-\) while a runtime runs: every task of every runtime of the process is shown on
// standard error, and the program goes on.
//
// The signal is taken over while a runtime runs that wants it, if nobody else has: a disposition
// other than the system's own is left alone, and comes back as it was. The handler posts a
// semaphore and nothing else; a thread of its own, started at the first run of a process and asleep
// from then on, does what a handler may not. A second SIGQUIT before the first has been answered
// ends the process as it always did.
//
// Go dumps and ends the process; a service that is looked at should go on. Turned down: letting a
// processor answer between two slices, since the program that is asked may be one that computes for
// ever; sharing the thread of signal_context, which lives as long as a context does.

#pragma once

#include <iosfwd>

namespace weir {

// Somebody who has something to show.
class QuitSignal {
 public:
  class Subject {
   public:
    virtual void show(std::ostream& out) = 0;

   protected:
    ~Subject() = default;
  };

  // Shows `subject` on SIGQUIT for as long as this lives. A null one does nothing.
  explicit QuitSignal(Subject* subject);
  ~QuitSignal();
  QuitSignal(const QuitSignal&) = delete;
  QuitSignal& operator=(const QuitSignal&) = delete;

 private:
  Subject* subject_;
};

}  // namespace weir
