#include "weir/rpc/hedge.h"

#include <utility>

namespace weir::rpc {
namespace {

using Held = Channel<std::unique_ptr<RecentQuantile>>;

Task<> add_to(Held held, Duration response) {
  auto received = co_await held.receive();
  std::unique_ptr<RecentQuantile> quantile = *std::move(received);
  quantile->add(response);
  co_await held.send(std::move(quantile));
}

Task<std::optional<Duration>> value_of(Held held) {
  auto received = co_await held.receive();
  std::unique_ptr<RecentQuantile> quantile = *std::move(received);
  const std::optional<Duration> value = quantile->value();
  co_await held.send(std::move(quantile));
  co_return value;
}

}  // namespace

void RecentQuantile::add(Duration response) {
  newer_.record(response.count());
  if (newer_.count() % stride != 0) return;
  Histogram both = older_;
  both.merge(newer_);
  if (both.supports(p_)) value_ = Duration(both.quantile(p_));
  if (newer_.count() == generation) older_ = std::exchange(newer_, Histogram());
}

SharedQuantile SharedQuantile::make(double p) {
  SharedQuantile shared;
  shared.held_ = make_channel<std::unique_ptr<RecentQuantile>>(1);
  auto empty = std::make_unique<RecentQuantile>(p);
  (void)shared.held_.try_send(empty);
  return shared;
}

Task<> SharedQuantile::add(Duration response) const {
  return add_to(held_, response);
}

Task<std::optional<Duration>> SharedQuantile::value() const {
  return value_of(held_);
}

}  // namespace weir::rpc
