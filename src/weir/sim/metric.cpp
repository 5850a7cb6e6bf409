#include "weir/sim/metric.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "weir/base/suggestion.h"

namespace weir::sim {
namespace {

using Unit = Metric::Unit;

struct Figure {
  std::string_view name;
  Unit unit;
};

constexpr std::array load_figures{
    Figure{"offered", Unit::number},
    Figure{"completed", Unit::number},
    Figure{"failed", Unit::number},
    Figure{"timed_out", Unit::number},
    Figure{"rejected", Unit::number},
    Figure{"cancelled", Unit::number},
    Figure{"in_flight", Unit::number},
    Figure{"attempts", Unit::number},
    Figure{"retries", Unit::number},
    Figure{"hedges", Unit::number},
    Figure{"success", Unit::fraction},
    Figure{"throughput_per_s", Unit::per_second},
    Figure{"goodput_per_s", Unit::per_second},
};

// Of response, wait and service, each.
constexpr std::array time_figures{
    Figure{"count", Unit::number}, Figure{"mean", Unit::seconds}, Figure{"sd", Unit::seconds},
    Figure{"min", Unit::seconds},  Figure{"p50", Unit::seconds},  Figure{"p90", Unit::seconds},
    Figure{"p95", Unit::seconds},  Figure{"p99", Unit::seconds},  Figure{"p999", Unit::seconds},
    Figure{"max", Unit::seconds},
};
constexpr std::array<std::string_view, 3> times{"response", "wait", "service"};

constexpr std::array worker_figures{
    Figure{"completed", Unit::number},      Figure{"failed", Unit::number},
    Figure{"rejected", Unit::number},       Figure{"utilisation", Unit::fraction},
    Figure{"mean_in_flight", Unit::number}, Figure{"sd_in_flight", Unit::number},
    Figure{"mean_queue", Unit::number},     Figure{"max_queue", Unit::number},
};

constexpr std::array balancer_figures{
    Figure{"mean_queue", Unit::number},
    Figure{"max_queue", Unit::number},
};

// A text that is eaten from the left, and how much is gone.
struct Rest {
  std::string_view text;
  std::size_t column = 1;

  std::string_view until_dot() {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view head = text.substr(0, dot);
    const std::size_t eaten = std::min(dot + 1, text.size());
    text.remove_prefix(eaten);
    column += eaten;
    return head;
  }
};

std::unexpected<ParseError> unknown_figure(Rest rest, std::vector<std::string_view> known) {
  std::string message = rest.text.empty() ? "the name of a figure is missing"
                                          : "unknown figure '" + std::string(rest.text) + "'";
  return std::unexpected(ParseError{message + did_you_mean(rest.text, known), rest.column});
}

std::expected<Metric, ParseError> with_figure(Metric metric, Rest rest,
                                              std::span<const Figure> figures) {
  const auto found = std::ranges::find(figures, rest.text, &Figure::name);
  if (found == figures.end()) {
    std::vector<std::string_view> known;
    for (const Figure& figure : figures) known.push_back(figure.name);
    return unknown_figure(rest, known);
  }
  metric.figure += rest.text;
  metric.unit = found->unit;
  return metric;
}

std::expected<Metric, ParseError> load_metric(std::string_view name, Rest rest) {
  Metric metric{.subject = Metric::Subject::load, .name = std::string(name)};
  if (rest.text.find('.') == std::string_view::npos) {
    if (std::ranges::find(times, rest.text) != times.end()) {
      return std::unexpected(ParseError{"say which figure of '" + std::string(rest.text) +
                                            "', such as " + std::string(rest.text) + ".p99",
                                        rest.column});
    }
    auto result = with_figure(metric, rest, load_figures);
    if (result) return result;
    std::vector<std::string_view> known(times.begin(), times.end());
    for (const Figure& figure : load_figures) known.push_back(figure.name);
    return unknown_figure(rest, known);
  }
  const Rest before = rest;
  const std::string_view time = rest.until_dot();
  if (std::ranges::find(times, time) == times.end()) {
    return unknown_figure({time, before.column}, {times.begin(), times.end()});
  }
  metric.figure = std::string(time) + '.';
  return with_figure(metric, rest, time_figures);
}

// "fast" or "fast[3]".
std::expected<Metric, ParseError> worker_metric(std::string_view group, Rest rest) {
  Metric metric{.subject = Metric::Subject::workers, .name = std::string(group)};
  const std::size_t bracket = group.find('[');
  if (bracket != std::string_view::npos) {
    metric.name = group.substr(0, bracket);
    std::uint32_t index = 0;
    const char* last = group.data() + group.size();
    const auto [end, error] = std::from_chars(group.data() + bracket + 1, last, index);
    if (error != std::errc{} || last - end != 1 || *end != ']') {
      return std::unexpected(ParseError{"write one worker as " + metric.name + "[0]", 8});
    }
    metric.index = index;
  }
  return with_figure(metric, rest, worker_figures);
}

}  // namespace

std::string worker_name(std::string_view group, std::uint32_t number) {
  return std::string(group) + '[' + std::to_string(number) + ']';
}

std::string Metric::text() const {
  switch (subject) {
    case Subject::load:
      return name + '.' + figure;
    case Subject::workers:
      return "worker." + subject_name() + '.' + figure;
    case Subject::balancer:
      return "balancer." + figure;
  }
  return {};
}

std::vector<std::string> figure_names(Metric::Subject subject) {
  std::vector<std::string> names;
  const auto add = [&](const auto& figures, const std::string& before = {}) {
    for (const Figure& figure : figures) names.push_back(before + std::string(figure.name));
  };
  if (subject == Metric::Subject::workers) add(worker_figures);
  if (subject == Metric::Subject::balancer) add(balancer_figures);
  if (subject != Metric::Subject::load) return names;
  add(load_figures);
  for (const std::string_view time : times) add(time_figures, std::string(time) + '.');
  return names;
}

std::expected<Metric, ParseError> parse_metric(std::string_view text) {
  Rest rest{text};
  const std::string_view head = rest.until_dot();
  if (head == "balancer") {
    return with_figure({.subject = Metric::Subject::balancer}, rest, balancer_figures);
  }
  if (head == "worker") {
    const std::string_view group = rest.until_dot();
    return worker_metric(group, rest);
  }
  return load_metric(head, rest);
}

}  // namespace weir::sim
