// fan_out and for_each: a list of inputs through some workers at a time, and all of it waited for.
//
//   auto pages = co_await fan_out(context, urls, fetch, 8);   pages->at(i) belongs to urls[i]
//
// The first exception cancels the context that the calls get, waits for those under way, and comes
// out. Each worker writes only what belongs to the input that it has received, and whoever waits
// for the pool sees it all. Built on WorkerPool.

#pragma once

#include <concepts>
#include <cstddef>
#include <numeric>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/pool/worker_pool.h"

namespace weir::pool {

// Calls `f` (ServesJob) with each input, `workers` at a time. False if `context` was cancelled
// before all had been called.
template <class Input, ServesJob<Input, void> F>
Task<bool> for_each(Context context, std::vector<Input> inputs, F f, std::size_t workers = 4,
                    std::source_location where = std::source_location::current()) {
  const auto served = job_function<Input, void>(std::move(f));
  auto serve = [&](Context scope, std::size_t index) {
    return served(std::move(scope), std::move(inputs[index]));
  };
  WorkerPool<std::size_t> pool(context, serve, {.workers = workers, .on_failure = OnFailure::stop},
                               where);
  bool accepted = true;
  for (std::size_t i = 0; accepted && i < inputs.size(); ++i) {
    auto submitted = co_await pool.submit(context, i, where);
    accepted = submitted.has_value();
  }
  co_await pool.drain();
  const Figures figures = co_await pool.figures();
  co_return figures.completed == inputs.size();
}

template <class T>
struct TaskResult {
  using Type = T;
};
template <class T>
struct TaskResult<Task<T>> {
  using Type = T;
};

// What comes of calling F with an input, directly or by a task.
template <class F, class Input>
using ResultOf =
    typename TaskResult<typename std::conditional_t<std::invocable<F&, Context, Input>,
                                                    std::invoke_result<F&, Context, Input>,
                                                    std::invoke_result<F&, Input>>::type>::Type;

// The same, and gives the results in the order of the inputs; nothing where for_each says false.
template <class Input, class F, class Result = ResultOf<F, Input>>
  requires ServesJob<F, Input, Result>
Task<std::optional<std::vector<Result>>> fan_out(
    Context context, std::vector<Input> inputs, F f, std::size_t workers = 4,
    std::source_location where = std::source_location::current()) {
  const auto served = job_function<Input, Result>(std::move(f));
  std::vector<std::optional<Result>> found(inputs.size());
  auto serve = [&](Context scope, std::size_t index) -> Task<> {
    auto task = served(std::move(scope), std::move(inputs[index]));
    found[index].emplace(co_await task);
  };
  std::vector<std::size_t> indexes(inputs.size());
  std::iota(indexes.begin(), indexes.end(), std::size_t{0});
  auto all = for_each(context, std::move(indexes), serve, workers, where);
  const bool complete = co_await all;
  if (!complete) co_return std::nullopt;
  std::vector<Result> results;
  results.reserve(found.size());
  for (std::optional<Result>& result : found) results.push_back(*std::move(result));
  co_return results;
}

}  // namespace weir::pool
