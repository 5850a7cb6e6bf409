#include "weir/rpc/passage.h"

#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/sync/select.h"
#include "weir/sync/sleep.h"

namespace weir::rpc {
namespace {

// Nobody hears of what is lost.
Task<Failure> wait_in_vain(Context context) {
  auto ended = done(context);
  co_await select_first(ended);
  co_return ended_by(context);
}

}  // namespace

Passage::Passage(BalancerCore& core, Context context, const balance::Request& attempt,
                 const CallOptions& options)
    : core_(core), context_(std::move(context)), attempt_(attempt), payload_(options.payload) {
  const Network* network = core_.options().network;
  if (network != nullptr) trip_ = network->trip(attempt_, options.account);
}

void Passage::leave() {
  if (is_inside_) core_.door()->leave();
  is_inside_ = false;
}

Task<std::optional<Failure>> Passage::there() {
  return go_there(*this);
}

Task<std::optional<Failure>> Passage::back() {
  return go_back(*this);
}

Task<std::optional<Failure>> Passage::go_there(Passage& self) {
  if (self.trip_.request_lost) co_return co_await wait_in_vain(self.context_);
  if (self.trip_.there > Duration::zero()) {
    const bool arrived = co_await sleep(self.context_, self.trip_.there);
    if (!arrived) co_return ended_by(self.context_);
  }
  if (self.core_.door() != nullptr) {
    auto refused = co_await self.core_.door()->enter(self.context_);
    if (refused) {
      auto late = co_await self.back();
      co_return late ? late : refused;
    }
    self.is_inside_ = true;
  }
  if (self.payload_ == nullptr) co_return std::nullopt;
  const bool came = co_await self.payload_->arrive(self.context_, self.attempt_);
  if (!came) co_return ended_by(self.context_);
  co_return std::nullopt;
}

Task<std::optional<Failure>> Passage::go_back(Passage& self) {
  self.leave();
  if (self.trip_.reply_lost) co_return co_await wait_in_vain(self.context_);
  if (self.trip_.back > Duration::zero()) {
    const bool arrived = co_await sleep(self.context_, self.trip_.back);
    if (!arrived) co_return ended_by(self.context_);
  }
  co_return std::nullopt;
}

}  // namespace weir::rpc
