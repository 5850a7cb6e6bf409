#include "weir/cli/progress_line.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>

namespace weir::cli {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration redraw_period = std::chrono::milliseconds(100);
constexpr Duration log_period = seconds(30);

// Before this much has been done, or this time has passed, the rest cannot be guessed.
constexpr double fraction_min = 0.005;
constexpr Duration elapsed_min = seconds(1);

// "3.1", "0.25", "12".
std::string two_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", value);
  return text;
}

}  // namespace

ProgressLine::ProgressLine(bool on_terminal, TimePoint start)
    : on_terminal_(on_terminal), start_(start), next_(on_terminal ? start : start + log_period) {}

std::string ProgressLine::update(const sim::Progress& progress, TimePoint now) {
  if (now < next_) return "";
  next_ = now + (on_terminal_ ? redraw_period : log_period);
  const std::string line = describe(progress, now);
  return on_terminal_ ? clear_line + line : "weir: " + line + "\n";
}

std::string ProgressLine::stopping() const {
  return (on_terminal_ ? std::string(clear_line) : "") +
         "weir: stopping; a second signal ends the program at once\n";
}

std::string ProgressLine::finish() const {
  return on_terminal_ ? clear_line : "";
}

std::string ProgressLine::describe(const sim::Progress& progress, TimePoint now) const {
  const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
  const std::string line = spell_progress(progress);
  const Duration elapsed = now - start_;
  if (fraction < fraction_min || elapsed < elapsed_min) return line;
  const double left = static_cast<double>(elapsed.count()) * (1 - fraction) / fraction;
  return line + ", " + about(Duration(static_cast<std::int64_t>(left))) + " left";
}

std::string spell_progress(const sim::Progress& progress) {
  const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
  const std::string percent = std::to_string(static_cast<int>(fraction * 100)) + " %, ";
  if (progress.points > 0) {
    return percent + std::to_string(progress.points_finished) + " of " +
           std::to_string(progress.points) + " points";
  }
  const std::string line = percent + std::to_string(progress.finished) + " of " +
                           std::to_string(progress.total) + " replications";
  if (!progress.precision) return line;
  return line + ", ±" + two_digits(100 * progress.precision->reached) + " % of ±" +
         two_digits(100 * progress.precision->target) + " %";
}

std::string about(Duration duration) {
  if (duration < seconds(100)) {
    return std::to_string(std::chrono::ceil<seconds>(duration).count()) + " s";
  }
  if (duration < minutes(100)) {
    return std::to_string(std::chrono::ceil<minutes>(duration).count()) + " min";
  }
  return std::to_string(std::chrono::ceil<hours>(duration).count()) + " h";
}

}  // namespace weir::cli
