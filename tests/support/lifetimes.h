// Counted: a move-only value that counts births and deaths and notices a second death.

#pragma once

#include <atomic>
#include <utility>

#include "weir/base/check.h"

namespace weir::test {

class Counted {
 public:
  explicit Counted(int value) : value_(value) { begin(); }
  Counted(Counted&& other) noexcept : value_(std::exchange(other.value_, moved_away)) {
    other.check_alive();
    begin();
  }
  Counted& operator=(Counted&& other) noexcept {
    check_alive();
    value_ = std::exchange(other.value_, moved_away);
    return *this;
  }
  ~Counted() {
    check_alive();
    life_ = dead;
    --living_;
  }

  static constexpr int moved_away = -1;

  int value() const {
    check_alive();
    return value_;
  }

  // Births less deaths in the whole program.
  static int living() { return living_; }

 private:
  static constexpr unsigned alive = 0x600D600D;
  static constexpr unsigned dead = 0xDEADDEAD;

  void begin() {
    life_ = alive;
    ++living_;
  }
  void check_alive() const {
    WEIR_CHECK(life_ == alive, "a value was used or destroyed that does not live");
  }

  static inline std::atomic<int> living_ = 0;

  int value_;
  volatile unsigned life_ = dead;  // volatile: the store of `dead` is what the test is about
};

}  // namespace weir::test
