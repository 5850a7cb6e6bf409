// What a pool's workers do with a job: any callable that takes the job, told apart by its type.

#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "weir/runtime/task.h"
#include "weir/sync/context.h"

namespace weir::pool {

// The one form into which all are brought.
template <class Job, class Result>
using JobFunction = std::function<Task<Result>(const Context&, Job)>;

template <class F, class Result, class... Args>
concept GivesTask =
    std::invocable<F&, Args...> && std::same_as<std::invoke_result_t<F&, Args...>, Task<Result>>;

// A task of another type is no value: it would be dropped unseen where nothing is expected.
template <class F, class Result, class... Args>
concept GivesValue =
    std::is_invocable_r_v<Result, F&, Args...> && !is_task<std::invoke_result_t<F&, Args...>>;

// A callable that gives a task or the result itself, with the pool's context or without.
template <class F, class Job, class Result>
concept ServesJob = GivesTask<F, Result, Context, Job> || GivesTask<F, Result, Job> ||
                    GivesValue<F, Result, Context, Job> || GivesValue<F, Result, Job>;

// `f` in the common form. Several tasks may call the result at the same time, so `f` must not
// change what it owns.
template <class Job, class Result, ServesJob<Job, Result> F>
JobFunction<Job, Result> job_function(F f) {
  if constexpr (GivesTask<F, Result, Context, Job>) {
    return f;
  } else if constexpr (GivesTask<F, Result, Job>) {
    return [f = std::move(f)](const Context&, Job job) mutable {
      return std::invoke(f, std::move(job));
    };
  } else if constexpr (GivesValue<F, Result, Context, Job>) {
    // The closure lives in the function, which outlives the coroutines it makes.
    return [f = std::move(f)](Context context, Job job) mutable -> Task<Result> {
      co_return std::invoke(f, std::move(context), std::move(job));
    };
  } else {
    return [f = std::move(f)](const Context&, Job job) mutable -> Task<Result> {
      co_return std::invoke(f, std::move(job));
    };
  }
}

}  // namespace weir::pool
