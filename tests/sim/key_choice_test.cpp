// Keys of requests: the exact shares of Zipf's law, and the same draws on every machine.

#include "weir/sim/key_choice.h"

#include <gtest/gtest.h>

#include <vector>

#include "weir/base/sequence_hash.h"

namespace weir::sim {
namespace {

KeyChoice choice(std::string_view text) {
  auto parsed = KeyChoice::parse(text);
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

TEST(KeyChoice, GivesZipfsShares) {
  const KeyChoice zipf = choice("zipf(4, s=2)");
  const double sum = 1 + 1 / 4.0 + 1 / 9.0 + 1 / 16.0;
  for (const std::uint64_t key : {1u, 2u, 3u, 4u}) {
    EXPECT_NEAR(zipf.probability(key), 1 / static_cast<double>(key * key) / sum, 1e-15);
  }
  EXPECT_EQ(choice("uniform(5)").probability(3), 0.2);
  EXPECT_NEAR(choice("zipf(1000, s=1)").probability(1), 1 / 7.485470860550345, 1e-15);
}

// Chi-square with 9 degrees of freedom: above 27.88 in one of a thousand.
TEST(KeyChoice, DrawsKeysAsOftenAsItSays) {
  for (const char* text : {"zipf(10, s=1.1)", "zipf(10, s=0.5)", "uniform(10)"}) {
    SCOPED_TRACE(text);
    const KeyChoice keys = choice(text);
    std::vector<double> seen(11);
    constexpr int draws = 100'000;
    for (std::uint64_t request = 0; request < draws; ++request) {
      Random random({7, 0}, "key", request);
      const std::uint64_t key = keys.sample(random);
      ASSERT_GE(key, 1u);
      ASSERT_LE(key, 10u);
      ++seen[key];
    }
    double chi_square = 0;
    for (std::uint64_t key = 1; key <= 10; ++key) {
      const double expected = draws * keys.probability(key);
      chi_square += (seen[key] - expected) * (seen[key] - expected) / expected;
    }
    EXPECT_LT(chi_square, 27.88);
  }
}

TEST(KeyChoice, DrawsTheSameKeysOnEveryMachine) {
  const KeyChoice keys = choice("zipf(100000, s=1.1)");
  SequenceHash hash;
  Random random({11, 0}, "key");
  for (int i = 0; i < 10'000; ++i) hash.add(keys.sample(random));
  EXPECT_EQ(hash.value(), 5927827833013861712u);
}

TEST(KeyChoice, SpellsItselfSoThatItCanBeReadBack) {
  for (const char* text : {"zipf(1000, s=1.1)", "uniform(7)"}) {
    EXPECT_EQ(choice(text).text(), text);
  }
  EXPECT_EQ(choice("zipf(9)").text(), "zipf(9, s=1)");
}

}  // namespace
}  // namespace weir::sim
