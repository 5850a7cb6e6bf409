#include "weir/sync/context.h"

#include <memory>

#include "weir/runtime/this_task.h"
#include "weir/sync/context_core.h"

namespace weir {
namespace {

// Keeps the root context of a run with its scheduler.
class RootContext final : public RunScope {
 public:
  RootContext() : context_(ContextCore::make(nullptr)) {}
  void stop() noexcept override { context_.core()->cancel(Cause(Reason::failed)); }
  const Context& context() const { return context_; }

 private:
  Context context_;
};

}  // namespace

const char* to_string(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "not cancelled";
    case Reason::cancelled:
      return "cancelled";
    case Reason::deadline:
      return "deadline passed";
    case Reason::failed:
      return "a task failed";
    case Reason::signal:
      return "told to stop by a signal";
  }
  return "unknown";
}

Context::Context(const Context& other) noexcept : core_(other.core_) {
  if (core_ != nullptr) core_->add_reference();
}

Context::~Context() {
  if (core_ != nullptr) core_->release();
}

bool Context::cancelled() const noexcept {
  return core_ != nullptr && core_->cancelled();
}

Cause Context::cause() const {
  return core_ == nullptr ? Cause() : core_->cause();
}

Reason Context::reason() const {
  return core_ == nullptr ? Reason::none : core_->reason();
}

TimePoint Context::deadline() const noexcept {
  return core_ == nullptr ? time_never : core_->deadline();
}

const void* Context::find(const void* key) const noexcept {
  return core_ == nullptr ? nullptr : core_->find(key);
}

void Cancel::operator()(Cause cause) const {
  if (ContextCore* core = context_.core()) core->cancel(cause);
}

Context background() {
  if (running.task == nullptr) return Context();
  RunScope* scope = running.scheduler->scope();
  if (scope == nullptr) scope = running.scheduler->offer_scope(std::make_unique<RootContext>());
  return static_cast<RootContext*>(scope)->context();
}

CancelScope with_cancel(const Context& parent) {
  Context context(ContextCore::make(parent.core()));
  return CancelScope(context, Cancel(context));
}

CancelScope with_deadline(const Context& parent, TimePoint deadline, const Cause& cause) {
  Scheduler& scheduler =
      current_scheduler("a context with a deadline was made outside of a task, which has no clock");
  Context context(ContextCore::make(parent.core(), deadline, cause, scheduler));
  return CancelScope(context, Cancel(context));
}

CancelScope with_timeout(const Context& parent, Duration timeout, const Cause& cause) {
  if (timeout == Duration::max()) return with_cancel(parent);
  return with_deadline(parent, saturating_add(now(), timeout), cause);
}

Context without_cancel(const Context& parent) {
  return parent.core() == nullptr ? Context() : Context(ContextCore::make_apart(*parent.core()));
}

Case::Enrolled DoneCase::enroll(WakeList&) noexcept {
  if (context_.core() == nullptr || context_.core()->enroll(node_)) return Enrolled::waiting;
  if (claim_alone(node_.select())) commit_alone(node_.select(), node_.index());
  return Enrolled::decided;
}

void DoneCase::withdraw() noexcept {
  if (context_.core() != nullptr) context_.core()->withdraw(node_);
}

WaitedFor DoneCase::describe() const {
  WaitedFor thing{.verb = verb(), .where = where(), .object = context_.core(), .kind = "context"};
  if (context_.core() == nullptr) {
    thing.kind = "";
    thing.state = "a context that is never cancelled";
  } else if (context_.cancelled()) {
    thing.state = "cancelled";
  } else if (context_.deadline() != time_never) {
    thing.state = "with a deadline";
  }
  return thing;
}

}  // namespace weir
