// Last words: what a part of the program adds to the report of a broken contract before it aborts.
//
//   class Told final : public LastWords { void say() noexcept override { … } };
//   Told told;                     until it goes out of scope, on this thread
//
// check_failed() ends the process, so that nobody above can catch it and say how it came about. The
// latest made of a thread speaks first. To be used sparingly: a stop that says too much says
// nothing.

#pragma once

namespace weir {

class LastWords {
 public:
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

  // Writes to standard error. Called once, by the thread that made the object; must not check.
  virtual void say() noexcept = 0;

 protected:
  LastWords() noexcept;
  ~LastWords();

 private:
  friend void say_last_words() noexcept;

  LastWords* const outer_;
};

// Lets all of this thread speak, the latest first.
void say_last_words() noexcept;

}  // namespace weir
