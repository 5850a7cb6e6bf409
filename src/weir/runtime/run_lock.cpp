#include "weir/runtime/run_lock.h"

namespace weir {

void RunLock::end_lone_run() noexcept {
  do {
    lock_.unlock();
    LoneRun::await_end();
    lock_.lock();
  } while (LoneRun::elsewhere());
}

}  // namespace weir
