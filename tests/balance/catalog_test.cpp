#include "weir/balance/catalog.h"

#include <gtest/gtest.h>

#include "weir/balance/random_choice.h"

namespace weir::balance {
namespace {

std::string error_of(std::string_view text) {
  const auto policy = Catalog::standard().make(text);
  return policy ? "no error" : policy.error();
}

TEST(Catalog, MakesEveryPolicyItLists) {
  const Catalog catalog = Catalog::standard();
  for (const Catalog::Entry& entry : catalog.entries()) {
    const auto policy = catalog.make(entry.name);
    ASSERT_TRUE(policy) << policy.error();
    EXPECT_EQ(policy->text(), entry.name);
    EXPECT_NE(policy->make(), nullptr);
    EXPECT_FALSE(entry.line.empty());
  }
}

TEST(Catalog, ReadsParameters) {
  const Catalog catalog = Catalog::standard();
  EXPECT_EQ(catalog.make("p2c(d=3)").value().text(), "p2c(d=3)");
  EXPECT_EQ(catalog.make(" p2c( d = 2 ) ").value().text(), "p2c");
  EXPECT_EQ(catalog.make("p2c()").value().text(), "p2c");
  EXPECT_EQ(catalog.make("central_queue(prefetch=1)").value().text(), "central_queue(prefetch=1)");
  EXPECT_EQ(catalog.make("round_robin(random_start=true)").value().text(),
            "round_robin(random_start=true)");
}

TEST(Catalog, SuggestsTheNearestNameAndListsAll) {
  EXPECT_EQ(error_of("least_loadad"),
            "there is no policy 'least_loadad'; did you mean 'least_loaded'? (there are: p2c, "
            "central_queue, least_loaded, round_robin, weighted_round_robin, random)");
  EXPECT_EQ(error_of("xyzzy").find("did you mean"), std::string::npos);
}

TEST(Catalog, NamesTheParameterThatIsWrong) {
  EXPECT_EQ(error_of("p2c(d=0)"),
            "policy 'p2c': parameter 'd' is a whole number of at least 1 and at most 32, not '0'");
  EXPECT_EQ(error_of("p2c(d=two)"),
            "policy 'p2c': parameter 'd' is a whole number of at least 1 and at most 32, not "
            "'two'");
  EXPECT_EQ(error_of("central_queue(prefetch=-1)"),
            "policy 'central_queue': parameter 'prefetch' is a whole number of at least 0, not "
            "'-1'");
  EXPECT_EQ(error_of("central_queue(prefetsh=1)"),
            "policy 'central_queue': there is no parameter 'prefetsh'; did you mean 'prefetch'?");
  EXPECT_EQ(error_of("random(d=1)"), "policy 'random': there is no parameter 'd'; none is taken");
  EXPECT_EQ(error_of("round_robin(random_start=1)"),
            "policy 'round_robin': parameter 'random_start' is true or false, not '1'");
}

TEST(Catalog, RefusesWhatIsNotACall) {
  EXPECT_EQ(error_of("p2c(d=3"), "policy p2c(d=3 lacks a closing bracket at its end");
  EXPECT_EQ(error_of("p2c(3)"), "policy 'p2c': a parameter is written key=value, and '3' is not");
  EXPECT_EQ(error_of("p2c(d=3,)"), "policy 'p2c': a parameter is written key=value, and '' is not");
  EXPECT_EQ(error_of("p2c(d=3, d=4)"), "policy 'p2c': parameter 'd' is given twice");
}

TEST(Catalog, TakesNumbersInTheirRange) {
  Catalog catalog;
  catalog.add("bounded", "", [](Parameters& given) {
    const double bound = given.number("bound", 1.5, 1, 10);
    return PolicySpec(std::to_string(bound), [] { return random().make(); });
  });
  EXPECT_EQ(catalog.make("bounded(bound=1.25)").value().text(), "1.250000");
  EXPECT_EQ(catalog.make("bounded").value().text(), "1.500000");
  EXPECT_EQ(catalog.make("bounded(bound=nan)").error(),
            "policy 'bounded': parameter 'bound' is a number from 1 to 10, not 'nan'");
}

TEST(CatalogDeathTest, ANameTwiceIsABug) {
  Catalog catalog = Catalog::standard();
  EXPECT_DEATH(catalog.add("p2c", "again", random()), "same name");
}

}  // namespace
}  // namespace weir::balance
