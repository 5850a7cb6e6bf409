// std::atomic for code under test, simulated by relacy with all that the memory model allows.
//
// A test includes the standard headers and this one first, then weir's own sources between
// `#define atomic simulated_atomic` and `#undef atomic`: so what is checked is the code itself, not
// a copy. Plain members are not simulated; a test puts an rl::var where another thread's work has
// to be visible, and relacy reports a data race if it is not.
//
// A mutant is the same code with one kind of ordering taken away everywhere.

#pragma once

#include <atomic>
#include <new>
#include <relacy/base.hpp>

// relacy/context.hpp replaces the global new and delete by inline functions, which C++ does not
// allow and g++ takes apart: some calls get one, some the other. Here the definitions become those
// of templates that nobody uses.
#undef RL_THROW_SPEC
#define WEIR_JOIN_AGAIN(a, b) a##b
#define WEIR_JOIN(a, b) WEIR_JOIN_AGAIN(a, b)
#define RL_THROW_SPEC(what) \
  ;                         \
  template <class>          \
  void* WEIR_JOIN(unused_new_, __LINE__)(size_t size)
#define throw()    \
  ;                \
  template <class> \
  void WEIR_JOIN(unused_delete_, __LINE__)(void* p)
#include <relacy/context.hpp>
#undef throw
#undef RL_THROW_SPEC
#undef WEIR_JOIN
#undef WEIR_JOIN_AGAIN

#include <relacy/relacy.hpp>

// relacy's own way to be used with std::atomic redefines words of the language.
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef errno
#undef futex
#undef sched_yield

namespace weir::relacy {

enum class Weakened {
  nothing,
  release,  // stores and read-modify-writes publish nothing
  acquire,  // loads and read-modify-writes see nothing of what was published
  seq_cst,  // no single order of all sequentially consistent operations
};

inline Weakened weakened = Weakened::nothing;

inline rl::memory_order simulated(std::memory_order order) {
  using enum std::memory_order;
  const bool releases = weakened != Weakened::release;
  const bool acquires = weakened != Weakened::acquire;
  if (order == seq_cst && weakened == Weakened::nothing) return rl::mo_seq_cst;
  const bool wants_release = order == release || order == acq_rel || order == seq_cst;
  const bool wants_acquire = order == acquire || order == acq_rel || order == seq_cst;
  if (wants_release && releases && wants_acquire && acquires) return rl::mo_acq_rel;
  if (wants_release && releases) return rl::mo_release;
  if (wants_acquire && acquires) return rl::mo_acquire;
  return rl::mo_relaxed;
}

inline rl::memory_order of_load(std::memory_order order) {
  const rl::memory_order all = simulated(order);
  if (all == rl::mo_acq_rel) return rl::mo_acquire;
  return all == rl::mo_release ? rl::mo_relaxed : all;
}

inline rl::memory_order of_store(std::memory_order order) {
  const rl::memory_order all = simulated(order);
  if (all == rl::mo_acq_rel) return rl::mo_release;
  return all == rl::mo_acquire ? rl::mo_relaxed : all;
}

// The part of std::atomic that weir uses.
template <class T>
class Atomic {
 public:
  Atomic(T value) : value_(value) {}
  Atomic() : value_(T()) {}

  T load(std::memory_order order) const { return value_.load(of_load(order), RL_INFO); }
  void store(T value, std::memory_order order) { value_.store(value, of_store(order), RL_INFO); }
  T exchange(T value, std::memory_order order) {
    return value_.exchange(value, simulated(order), RL_INFO);
  }
  bool compare_exchange_weak(T& expected, T value, std::memory_order won, std::memory_order lost) {
    return value_.compare_exchange_weak(expected, value, simulated(won), RL_INFO, of_load(lost),
                                        RL_INFO);
  }
  bool compare_exchange_strong(T& expected, T value, std::memory_order won) {
    const auto lost = won == std::memory_order::acq_rel ? std::memory_order::acquire : won;
    return value_.compare_exchange_strong(expected, value, simulated(won), RL_INFO, of_load(lost),
                                          RL_INFO);
  }
  T fetch_add(T value, std::memory_order order) {
    return value_.fetch_add(value, simulated(order), RL_INFO);
  }
  T fetch_sub(T value, std::memory_order order) {
    return value_.fetch_sub(value, simulated(order), RL_INFO);
  }

  // The kernel's part of a futex: sleeps if the value is `expected`, without a gap between the look
  // and the sleep; may wake for no reason.
  void futex_wait(T expected, bool timed) {
    rl::context& context = rl::ctx();
    context.atomic_thread_fence_seq_cst();
    {
      rl::preemption_disabler no_gap(context);
      if (value_.load(rl::mo_relaxed, RL_INFO) != expected) return;
    }
    value_.wait(context, timed, true, RL_INFO);
  }
  void futex_wake() {
    rl::context& context = rl::ctx();
    context.atomic_thread_fence_seq_cst();
    value_.wake(context, 1, RL_INFO);
  }

 private:
  rl::atomic<T> value_;
};

}  // namespace weir::relacy

namespace std {
template <class T>
using simulated_atomic = weir::relacy::Atomic<T>;
}  // namespace std
