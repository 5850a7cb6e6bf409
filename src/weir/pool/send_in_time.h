// send_in_time: a send that two contexts can end, the caller's and that of the whole.

#pragma once

#include <optional>
#include <source_location>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/select.h"

namespace weir::pool {

// Parks until `value` has been received or buffered: nothing comes back. The value comes back if
// one of the contexts is cancelled first. Requires: `whole` and `channel` outlive the call.
template <class T>
Task<std::optional<T>> send_in_time(Context context, const Context& whole,
                                    const Channel<T>& channel, T value,
                                    std::source_location where) {
  auto given_up = done(std::move(context), where);
  auto stopped = done(whole, where);
  auto sent = send_to(channel, std::move(value), where);
  co_await select_first(given_up, stopped, sent);
  if (sent) co_return std::nullopt;
  co_return sent.take_back();
}

}  // namespace weir::pool
