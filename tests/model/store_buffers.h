// Threads on a machine with store buffers, as x86 has them, tried in every order.
//
// Memory is a few words. A store goes into its thread's buffer, first in, first out, and reaches
// memory at any later moment; a load takes the newest value of the own buffer, else memory's. A
// locked instruction waits until the own buffer is empty, and a barrier empties the buffers of all
// threads, as membarrier does. (Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO", 2009.)
//
// Programs are lists of instructions that jump forwards only, and a thread that would spin stands
// still until its loop would end. So each step brings a run nearer to its end, and there are two
// ways to go wrong: two threads inside of one section, and a state in which nobody can go on
// although somebody has not finished. All states are visited, each once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::model {

struct Instruction {
  enum class Kind {
    store,         // word = value, through the buffer
    store_locked,  // the same, at once: what a sequentially consistent store is made into
    lock,          // waits until the word is 0 and makes it 1, at once
    try_lock,      // makes the word 1 at once; jumps if it was 1 already
    jump_if,       // if the word reads as value
    jump_unless,   // if it does not
    jump,          // always
    await,         // waits until the word reads as value
    barrier,       // empties all buffers
    come,          // into the section `word` of the world
    go,            // out of it
  };

  Kind kind;
  int word = 0;
  int value = 0;
  std::size_t target = 0;  // of a jump
};

class Program {
 public:
  using Kind = Instruction::Kind;

  // A jump whose target comes later: land(it).
  using Jump = std::size_t;

  void store(int word, int value) { add({Kind::store, word, value}); }
  void store_locked(int word, int value) { add({Kind::store_locked, word, value}); }
  void lock(int word) { add({Kind::lock, word}); }
  Jump try_lock(int word) { return add({Kind::try_lock, word}); }
  Jump jump_if(int word, int value) { return add({Kind::jump_if, word, value}); }
  Jump jump_unless(int word, int value) { return add({Kind::jump_unless, word, value}); }
  Jump jump() { return add({Kind::jump}); }
  void await(int word, int value) { add({Kind::await, word, value}); }
  void barrier() { add({Kind::barrier}); }
  void come(int section) { add({Kind::come, section}); }
  void go(int section) { add({Kind::go, section}); }
  void land(Jump jump) { instructions_[jump].target = instructions_.size(); }

  const std::vector<Instruction>& instructions() const { return instructions_; }

 private:
  Jump add(const Instruction& instruction) {
    instructions_.push_back(instruction);
    return instructions_.size() - 1;
  }

  std::vector<Instruction> instructions_;
};

struct Exhausted {
  std::string bug;  // empty: there is none
  std::uint64_t states = 0;
};

// Visits every state of these threads, from memory that is all 0, until it finds a bug.
Exhausted exhaust(const std::vector<Program>& programs);

}  // namespace weir::model
