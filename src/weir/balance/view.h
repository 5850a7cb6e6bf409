// What a policy may know: the balancer's table of workers as it stands now, and who may be picked.
//
// The set of eligible workers is kept up to date change by change, never rebuilt for a pick, so a
// pick costs what the policy's own algorithm costs even with ten thousand workers. A policy picks
// from eligible() and from nowhere else: health, panic, room and tried workers are settled by the
// filter (filter.h) before it is asked, and so every policy has them.
//
// A View is only read. The balancer writes through WorkerTable (worker_table.h).

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/balance/index_set.h"
#include "weir/base/time.h"

namespace weir::balance {

// A worker's place in the table: dense, fixed while the worker exists, reused after it is removed.
using WorkerIndex = std::uint32_t;

// Names one worker for ever: a later worker on the same place has another generation.
struct WorkerId {
  WorkerIndex index = 0;
  std::uint32_t generation = 0;

  bool operator==(const WorkerId&) const = default;
};

// Ejected is an opinion, from failures or checks, and panic overrules it. Down is a fact (it cannot
// serve) and draining a wish (it finishes what it has); nothing overrules these.
enum class Health : std::uint8_t { up, draining, ejected, down };

inline constexpr std::uint32_t unbounded = std::numeric_limits<std::uint32_t>::max();

// What is said of a worker when it is added.
struct WorkerOptions {
  std::string name = {};
  double weight = 1;              // its share: a policy divides load by it; 0 takes no new requests
  double speed = 1;               // work done in a second, compared with a usual worker
  std::uint32_t concurrency = 1;  // requests it serves at once
  std::uint32_t limit = unbounded;  // requests that may wait at it
};

struct WorkerView {
  WorkerId id;
  Health health = Health::up;
  TimePoint since{};  // when it took this health; when it was added, at first
  double weight = 1;
  double speed = 1;
  std::uint32_t concurrency = 1;
  std::uint32_t limit = unbounded;
  std::uint32_t in_flight = 0;  // sent and not yet reported done; those that wait at it included
  double work = 0;              // the sum of the costs of what is in flight
  std::string name;

  // Of those in flight, how many wait, if the worker idles only when nothing waits.
  std::uint32_t queued() const { return in_flight > concurrency ? in_flight - concurrency : 0; }

  // What a weight of one would carry. Requires: weight > 0, which holds for whoever is eligible.
  double load() const { return in_flight / weight; }

  bool has_room() const {
    return limit == unbounded || in_flight < std::uint64_t{concurrency} + limit;
  }
};

class View {
 public:
  TimePoint now() const { return now_; }

  // Requires: contains(worker).
  const WorkerView& operator[](WorkerIndex worker) const { return slots_[worker].worker; }

  // Who may be picked, in an order that depends on the history of the table alone; sorted by index
  // only until the first worker leaves the set. Valid until the table next changes.
  std::span<const WorkerIndex> eligible() const { return eligible_.members(); }
  bool is_eligible(WorkerIndex worker) const { return eligible_.contains(worker); }

  // The first eligible index from `from` on, which wraps around; nothing if nobody is eligible.
  // Cost: one step for 64 places.
  std::optional<WorkerIndex> next_eligible(WorkerIndex from) const { return eligible_.next(from); }

  // Workers are on places below slots(), but not on each.
  WorkerIndex slots() const { return static_cast<WorkerIndex>(slots_.size()); }
  bool contains(WorkerIndex worker) const { return worker < slots() && slots_[worker].taken; }
  std::size_t size() const { return size_; }

  // Where that worker is; nothing once it has been removed.
  std::optional<WorkerIndex> find(WorkerId id) const;

  // Workers that are eligible or lack nothing for it but room.
  std::size_t fit() const { return fit_; }

  // True while so few workers are up that ejected ones are eligible too.
  bool panicking() const { return panicking_; }

 protected:
  struct Slot {
    WorkerView worker;
    bool taken = false;
    bool fit = false;
  };

  View() = default;
  ~View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  TimePoint now_{};
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
  std::size_t fit_ = 0;
  IndexSet eligible_;
  bool panicking_ = false;
};

}  // namespace weir::balance
