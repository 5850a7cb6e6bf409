#include "tests/model/lone_model.h"

namespace weir::model {
namespace {

using Jump = Program::Jump;

// Words. Locks are those that tasks share; each guards the section of its number.
constexpr int first_lock = 0;
constexpr int second_lock = 1;
constexpr int change_lock = 2;
constexpr int title = 3;
constexpr int inside_of_nobody = 3;  // inside_of_nobody + n: thread n is in a section

// Values of the title besides the number of a thread.
constexpr int free_title = 0;
constexpr int taken_title = 9;

// The numbers of threads that become lone.
constexpr int first_lone = 1;
constexpr int second_lone = 2;

// What a thread does, in the words of the sources. `me`: its number, 0 if it is never lone.
class LoneProgram {
 public:
  LoneProgram(LoneMutation mutation, int me) : mutation_(mutation), me_(me) {}

  void enter();
  void leave();
  void take(int lock);

  const Program& program() const { return program_; }

 private:
  int my_inside() const { return inside_of_nobody + me_; }

  Jump take_as_section(int lock);
  void take_for_real(int lock);
  void end();
  void end_of(int lone);
  void change();
  void changed();

  const LoneMutation mutation_;
  const int me_;
  Program program_;
};

void LoneProgram::change() {
  if (mutation_ != LoneMutation::changes_without_lock) program_.lock(change_lock);
}

void LoneProgram::changed() {
  if (mutation_ != LoneMutation::changes_without_lock) program_.store(change_lock, 0);
}

void LoneProgram::enter() {
  const Jump not_free = program_.jump_unless(title, free_title);
  const bool locks = mutation_ != LoneMutation::changes_without_lock;
  const Jump busy = locks ? program_.try_lock(change_lock) : 0;
  const Jump given = program_.jump_unless(title, free_title);
  if (mutation_ == LoneMutation::title_in_buffer) {
    program_.store(title, me_);
  } else {
    program_.store_locked(title, me_);
  }
  program_.land(given);
  changed();
  if (locks) program_.land(busy);
  program_.land(not_free);
}

void LoneProgram::leave() {
  change();
  const Jump not_mine = program_.jump_unless(title, me_);
  program_.store(title, free_title);
  program_.land(not_mine);
  changed();
}

// Takes the lock, is in the section of its number, and gives it back.
void LoneProgram::take(int lock) {
  if (me_ == 0) return take_for_real(lock);
  const Jump done = take_as_section(lock);
  take_for_real(lock);
  program_.land(done);
}

// The jump is taken when all is over; else the lock has to be taken for real.
Jump LoneProgram::take_as_section(int lock) {
  const Jump not_lone = program_.jump_unless(title, me_);
  program_.store(my_inside(), 1);
  const bool looks_again = mutation_ != LoneMutation::no_second_look;
  const Jump lost = looks_again ? program_.jump_unless(title, me_) : 0;
  const bool looks_at_lock = mutation_ != LoneMutation::no_look_at_lock;
  if (mutation_ == LoneMutation::waits_inside) program_.await(lock, 0);
  const Jump held = looks_at_lock ? program_.jump_unless(lock, 0) : 0;
  program_.come(lock);
  program_.go(lock);
  program_.store(my_inside(), 0);
  const Jump done = program_.jump();
  if (looks_again) program_.land(lost);
  if (looks_at_lock) program_.land(held);
  program_.store(my_inside(), 0);
  program_.land(not_lone);
  return done;
}

void LoneProgram::take_for_real(int lock) {
  const bool looks_early = mutation_ == LoneMutation::title_before_lock;
  if (looks_early) end();
  program_.lock(lock);
  if (!looks_early) end();
  program_.come(lock);
  program_.go(lock);
  program_.store(lock, 0);
}

// If somebody else is lone: takes the title from whoever that is.
void LoneProgram::end() {
  const Jump nobody = program_.jump_if(title, free_title);
  const Jump mine = program_.jump_if(title, me_ == 0 ? free_title : me_);
  change();
  end_of(first_lone);
  end_of(second_lone);
  changed();
  program_.land(mine);
  program_.land(nobody);
}

void LoneProgram::end_of(int lone) {
  const Jump other = program_.jump_unless(title, lone);
  const bool at_once = mutation_ == LoneMutation::title_free_at_once;
  if (lone != me_) {
    program_.store_locked(title, at_once ? free_title : taken_title);
    if (mutation_ != LoneMutation::no_barrier) program_.barrier();
    if (mutation_ != LoneMutation::ends_without_waiting) {
      program_.await(inside_of_nobody + lone, 0);
    }
  }
  if (!at_once || lone == me_) program_.store_locked(title, free_title);
  program_.land(other);
}

Program lone(LoneMutation mutation, int me, int first, int second) {
  LoneProgram thread(mutation, me);
  thread.enter();
  thread.take(first);
  thread.take(second);
  thread.leave();
  return thread.program();
}

Program newcomer(LoneMutation mutation, int first, int second) {
  LoneProgram thread(mutation, 0);
  thread.take(first);
  thread.take(second);
  return thread.program();
}

}  // namespace

Exhausted exhaust_lone(LoneScenario scenario, LoneMutation mutation) {
  std::vector<Program> programs;
  switch (scenario) {
    case LoneScenario::one_newcomer:
      programs = {lone(mutation, first_lone, first_lock, first_lock),
                  newcomer(mutation, first_lock, first_lock)};
      break;
    case LoneScenario::two_newcomers:
      programs = {lone(mutation, first_lone, first_lock, second_lock),
                  newcomer(mutation, first_lock, first_lock),
                  newcomer(mutation, second_lock, first_lock)};
      break;
    case LoneScenario::two_lone:
      programs = {lone(mutation, first_lone, first_lock, second_lock),
                  lone(mutation, second_lone, second_lock, first_lock)};
      break;
    case LoneScenario::lone_and_other:
      programs = {lone(mutation, first_lone, first_lock, first_lock),
                  lone(mutation, second_lone, first_lock, first_lock),
                  newcomer(mutation, first_lock, first_lock)};
      break;
  }
  return exhaust(programs);
}

}  // namespace weir::model
