#include "weir/base/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace weir {
namespace {

constexpr std::array<std::string_view, 4> known = {"poisson", "const", "p2c", "random"};

TEST(Suggestion, FindsAWordWithALetterMoreLessOtherOrSwapped) {
  for (const auto word : {"poissson", "poison", "poissom", "posison"}) {
    EXPECT_EQ(nearest_word(word, known), "poisson") << word;
  }
}

TEST(Suggestion, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest_word("weibull", known), std::nullopt);
  EXPECT_EQ(nearest_word("", known), std::nullopt);
}

TEST(Suggestion, EndsAMessageWithAGuessOrWithAllThatIsKnown) {
  EXPECT_EQ(did_you_mean("cosnt", known), "; did you mean 'const'?");
  EXPECT_EQ(did_you_mean("weibull", known), "; known: poisson, const, p2c, random");
}

}  // namespace
}  // namespace weir
