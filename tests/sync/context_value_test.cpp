#include "weir/sync/context_value.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

const ContextKey<std::string> user;
const ContextKey<std::string> tenant;
const ContextKey<int> depth;

TEST(ContextValue, IsFoundFromAllContextsBelow) {
  const Context named = with_value(background(), user, "ada");
  auto [child, cancel] = with_cancel(named);
  const Context deeper = with_value(child, depth, 3);

  EXPECT_EQ(*named.value(user), "ada");
  EXPECT_EQ(*deeper.value(user), "ada");
  EXPECT_EQ(*deeper.value(depth), 3);
  EXPECT_EQ(deeper.value(user), named.value(user)) << "there is one copy";
}

TEST(ContextValue, IsNotFoundAboveOrBeside) {
  const Context root = with_cancel(Context()).context;
  const Context named = with_value(root, user, "ada");
  const Context sibling = with_value(root, depth, 1);

  EXPECT_EQ(root.value(user), nullptr);
  EXPECT_EQ(sibling.value(user), nullptr);
  EXPECT_EQ(named.value(depth), nullptr);
  EXPECT_EQ(Context().value(user), nullptr);
}

TEST(ContextValue, TwoKeysOfOneTypeAreTwo) {
  const Context context = with_value(with_value(Context(), user, "ada"), tenant, "acme");
  EXPECT_EQ(*context.value(user), "ada");
  EXPECT_EQ(*context.value(tenant), "acme");
}

TEST(ContextValue, TheNearestOneHidesThoseAbove) {
  const Context outer = with_value(Context(), depth, 1);
  const Context inner = with_value(outer, depth, 2);
  EXPECT_EQ(*inner.value(depth), 2);
  EXPECT_EQ(*outer.value(depth), 1);
}

TEST(ContextValue, MayBeMovedInAndDiesWithTheLastContext) {
  const ContextKey<Counted> key;
  const int before = Counted::living();
  {
    Context child;
    {
      const Context holder = with_value(Context(), key, Counted(5));
      child = with_cancel(holder).context;
    }
    EXPECT_EQ(child.value(key)->value(), 5);
    EXPECT_EQ(Counted::living(), before + 1);
  }
  EXPECT_EQ(Counted::living(), before);
}

CONCURRENCY_TEST(ContextValue, ManyTasksReadIt) {
  auto [parent, cancel] = with_cancel(background());
  const Context context = with_value(parent, user, "ada");
  WaitGroup all;
  for (int i = 0; i < 10; ++i) {
    all.go(
        [](Context mine) -> Task<> {
          co_await yield();
          EXPECT_EQ(*mine.value(user), "ada");
        },
        with_value(context, depth, i));
  }
  co_await all.wait();
}

CONCURRENCY_TEST(ContextValue, AContextWithAValueIsCancelledWithItsParent) {
  auto [parent, cancel] = with_timeout(background(), 1h);
  const Context context = with_value(parent, user, "ada");
  EXPECT_EQ(context.deadline(), parent.deadline());
  cancel(Cause(Reason::cancelled, "enough"));
  EXPECT_TRUE(context.cancelled());
  EXPECT_EQ(context.cause().text, "enough");
  EXPECT_EQ(*context.value(user), "ada");
  co_return;
}

VIRTUAL_TEST(WithoutCancel, KeepsTheValuesAndNothingElse) {
  auto [parent, cancel] = with_timeout(background(), 1ms);
  const Context named = with_value(parent, user, "ada");
  const Context apart = without_cancel(named);
  auto [below, cancel_below] = with_cancel(apart);

  cancel();
  co_await sleep(2ms);

  EXPECT_TRUE(named.cancelled());
  EXPECT_FALSE(apart.cancelled());
  EXPECT_FALSE(below.cancelled());
  EXPECT_EQ(apart.deadline(), time_never);
  EXPECT_EQ(apart.cause().reason, Reason::none);
  EXPECT_EQ(*below.value(user), "ada");
  cancel_below();
  EXPECT_TRUE(below.cancelled());
}

VIRTUAL_TEST(WithoutCancel, MayBeMadeOfACancelledContext) {
  auto [parent, cancel] = with_cancel(background());
  cancel();
  auto [grace, cancel_grace] = with_timeout(without_cancel(parent), 5ms);
  EXPECT_FALSE(grace.cancelled());
  const bool whole = co_await sleep(grace, 4ms);
  EXPECT_TRUE(whole);
  const bool cut = co_await sleep(grace, 4ms);
  EXPECT_FALSE(cut);
}

}  // namespace
}  // namespace weir
