// The floor table is a test: an upward include fails here, with the line that made it.

#include "tests/layout/floors.h"

#include <gtest/gtest.h>

namespace weir::layout {
namespace {

Findings floors_of(const std::string& path, const std::string& text) {
  return check_floors(SourceFile(path, text), house());
}

Findings foreign_of(const std::string& path, const std::string& text) {
  return check_foreign_headers(SourceFile(path, text));
}

TEST(Floors, EveryIncludeOfTheHouseGoesDown) {
  const auto files = read_files(WEIR_SOURCE_DIR, {"src"});
  ASSERT_GT(files.size(), 5U);

  Findings findings;
  for (const SourceFile& file : files) {
    for (const Finding& found : check_floors(file, house())) findings.push_back(found);
    for (const Finding& found : check_foreign_headers(file)) findings.push_back(found);
  }

  EXPECT_EQ(describe(findings), "");
}

TEST(Floors, AnIncludeOfALowerFloorIsFine) {
  EXPECT_EQ(describe(floors_of("src/weir/sync/channel.h", "#include \"weir/runtime/task.h\"\n")),
            "");
}

TEST(Floors, AnIncludeOfTheOwnFloorIsFine) {
  EXPECT_EQ(describe(floors_of("src/weir/base/time.cpp", "#include \"weir/base/time.h\"\n")), "");
}

TEST(Floors, AnUpwardIncludeIsFoundWithItsLine) {
  EXPECT_EQ(describe(floors_of("src/weir/base/time.h", "\n#include \"weir/sync/channel.h\"\n")),
            "src/weir/base/time.h:2: base may not include weir/sync/channel.h\n");
}

TEST(Floors, BalanceAndRuntimeStandBesideEachOther) {
  EXPECT_EQ(floors_of("src/weir/balance/p2c.cpp", "#include \"weir/runtime/task.h\"\n").size(), 1U);
  EXPECT_EQ(floors_of("src/weir/runtime/go.cpp", "#include \"weir/balance/p2c.h\"\n").size(), 1U);
}

TEST(Floors, AFloorOpenByACrackLetsOneHeaderThrough) {
  const std::vector<Floor> floors = {{"report", {"sim/result.h", "base"}}};
  const SourceFile open("src/weir/report/table.cpp", "#include \"weir/sim/result.h\"\n");
  const SourceFile shut("src/weir/report/table.cpp", "#include \"weir/sim/server.h\"\n");

  EXPECT_EQ(describe(check_floors(open, floors)), "");
  EXPECT_EQ(check_floors(shut, floors).size(), 1U);
}

TEST(Floors, NoFloorIncludesAHeaderThatStandsBesideTheFloors) {
  EXPECT_EQ(floors_of("src/weir/rpc/balancer.h", "#include \"weir/weir.h\"\n").size(), 1U);
}

TEST(Floors, AHeaderBesideTheFloorsHasARowOfItsOwn) {
  EXPECT_EQ(describe(floors_of("src/weir/weir.h", "#include \"weir/sync/channel.h\"\n")), "");
  EXPECT_EQ(floors_of("src/weir/weir.h", "#include \"weir/rpc/balancer.h\"\n").size(), 1U);
}

TEST(Floors, AnIncludeWithoutTheHouseIsFound) {
  EXPECT_EQ(floors_of("src/weir/base/time.cpp", "#include \"time.h\"\n").size(), 1U);
}

TEST(Floors, AFileOutsideTheTableIsFound) {
  EXPECT_EQ(describe(floors_of("src/weir/attic/box.h", "")),
            "src/weir/attic/box.h: stands on no floor of the house\n");
}

TEST(Floors, FilesOutsideTheHouseAreNotAsked) {
  EXPECT_EQ(describe(floors_of("tests/base/time_test.cpp", "#include \"weir/cli/run.h\"\n")), "");
}

TEST(ForeignHeaders, TheLibrarysHeadersReachTheStandardLibraryOnly) {
  EXPECT_EQ(describe(foreign_of("src/weir/sync/channel.h", "#include <optional>\n")), "");
  EXPECT_EQ(foreign_of("src/weir/sync/channel.h", "#include <fmt/core.h>\n").size(), 1U);
  EXPECT_EQ(foreign_of("src/weir/base/random.h", "#include <Random123/philox.h>\n").size(), 1U);
}

TEST(ForeignHeaders, Random123StandsBehindOneSource) {
  const std::string text = "#include <Random123/philox.h>\n";

  EXPECT_EQ(describe(foreign_of("src/weir/base/random.cpp", text)), "");
  EXPECT_EQ(foreign_of("src/weir/base/sampler.cpp", text).size(), 1U);
}

TEST(ForeignHeaders, TheLaboratorysSourcesMayUseLibrariesAndItsHeadersMayNot) {
  EXPECT_EQ(describe(foreign_of("src/weir/report/json.cpp", "#include <nlohmann/json.hpp>\n")), "");
  EXPECT_EQ(foreign_of("src/weir/report/json.h", "#include <nlohmann/json.hpp>\n").size(), 1U);
}

TEST(ForeignHeaders, TheVirtualPathNamesNoOperatingSystem) {
  EXPECT_EQ(foreign_of("src/weir/sync/channel.cpp", "#include <unistd.h>\n").size(), 1U);
  EXPECT_EQ(foreign_of("src/weir/sim/run.cpp", "#include <sys/mman.h>\n").size(), 1U);
  EXPECT_EQ(describe(foreign_of("src/weir/runtime/parker.cpp", "#include <sys/epoll.h>\n")), "");
  EXPECT_EQ(describe(foreign_of("src/weir/sync/signal_context.cpp", "#include <csignal>\n")), "");
}

}  // namespace
}  // namespace weir::layout
