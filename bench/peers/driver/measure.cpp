#include "bench/peers/driver/measure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "bench/peers/driver/child.h"

namespace weir::peers {
namespace {

// One line that is written over again on a terminal; a line for each shape elsewhere.
class Progress {
 public:
  void show(const Contender& contender, int round, int rounds) {
    if (terminal_) {
      fmt::print(stderr, "\r\033[K{} {} on {}: round {} of {}", contender.shape, contender.program,
                 contender.processors, round, rounds);
    } else if (std::exchange(shape_, contender.shape) != contender.shape) {
      fmt::print(stderr, "weir: measuring {} …\n", contender.shape);
    }
  }

  void clear() const {
    if (terminal_) fmt::print(stderr, "\r\033[K");
  }

 private:
  bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  std::string shape_;
};

// In the order in which they take their turns.
std::vector<Contender> contenders_of(const std::vector<Row>& rows, const std::string& shape) {
  std::vector<Contender> contenders;
  for (const Row& row : rows) {
    for (const Contender& contender : {row.ours, row.theirs}) {
      if (contender.shape != shape || std::ranges::count(contenders, contender) > 0) continue;
      contenders.push_back(contender);
    }
  }
  return contenders;
}

class Measuring {
 public:
  explicit Measuring(const Plan& plan) : plan_(plan) {}

  void measure_shape(std::vector<Contender> contenders) {
    std::optional<std::int64_t> check;
    for (int round = 1; round <= plan_.rounds; ++round) {
      std::erase_if(contenders, [&](const Contender& contender) {
        if (signal_that_came() != 0) return false;
        progress_.show(contender, round, plan_.rounds);
        return !take_turn(contender, check);
      });
    }
  }

  Measured end() {
    progress_.clear();
    return std::move(measured_);
  }

 private:
  // False if it is out.
  bool take_turn(const Contender& contender, std::optional<std::int64_t>& check) {
    std::vector<std::string> words = {plan_.folder / (contender.program + "_shapes"),
                                      contender.shape, std::to_string(contender.processors)};
    if (plan_.quick) words.emplace_back("--quick");
    const auto measurement = measure_child(std::move(words));
    if (signal_that_came() != 0) return true;
    if (!measurement) return fail(contender, measurement.error());
    if (measurement->check != check.value_or(measurement->check)) {
      return fail(contender,
                  fmt::format("has the checksum {}, not {}", measurement->check, *check));
    }
    check = measurement->check;
    measured_.samples[contender].push_back(measurement->value);
    return true;
  }

  bool fail(const Contender& contender, const std::string& fault) {
    measured_.faults.push_back(fmt::format("{}_shapes {} {} {}", contender.program, contender.shape,
                                           contender.processors, fault));
    measured_.complete = measured_.complete && contender.program == "fiber";
    measured_.samples.erase(contender);
    return false;
  }

  const Plan& plan_;
  Progress progress_;
  Measured measured_;
};

}  // namespace

Measured measure(const std::vector<Row>& rows, const Plan& plan) {
  Measuring measuring(plan);
  std::vector<std::string> shapes;
  for (const Row& row : rows) {
    if (std::ranges::count(shapes, row.ours.shape) == 0) shapes.push_back(row.ours.shape);
  }
  for (const std::string& shape : shapes) measuring.measure_shape(contenders_of(rows, shape));
  return measuring.end();
}

}  // namespace weir::peers
