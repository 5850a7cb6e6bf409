// The rows of the comparison: what each shape measures, whom it is compared with, and how far ahead
// weir is meant to be.
//
// A row sets two contenders side by side, each a program that runs one shape on a number of
// processors. Most set weir beside a peer; some set weir beside itself.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::peers {

struct Contender {
  std::string program;  // weir, go, fiber
  std::string shape;
  int processors = 1;  // 0: virtual time

  auto operator<=>(const Contender&) const = default;
};

struct Target {
  std::optional<double> times{};    // weir is to be so many times better
  std::optional<double> at_most{};  // weir's own figure is to be no greater
};

struct Row {
  std::string id;
  std::string what;
  std::string unit;
  bool more_is_better = false;
  int processors = 1;
  std::string peer;
  Contender ours;
  Contender theirs;
  Target target{};
};

// What the user asks for.
struct Selection {
  std::vector<std::string> ids{};  // empty: all
  std::vector<int> processors = {1, 2};
  std::vector<std::string> peers = {"go", "fiber"};
};

// The identifiers of the table, in its order.
std::vector<std::string> row_ids();

// The rows of a selection, in the order of the table. Those that set weir beside itself are always
// among them.
std::vector<Row> rows_of(const Selection& selection);

}  // namespace weir::peers
