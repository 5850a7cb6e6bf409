// From the text of an arrival process to its source.
//
// One function for each kind: it reads its arguments, makes the source and writes the canonical
// text from the numbers it has read, so that equal processes have equal texts.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/sim/argument_reader.h"
#include "weir/sim/arrival.h"
#include "weir/sim/arrival_source.h"
#include "weir/sim/column_file.h"
#include "weir/sim/expression.h"

namespace weir::sim {
namespace {

using Result = std::expected<ArrivalProcess, ParseError>;

std::unexpected<ParseError> error(std::string message, const Expression& at) {
  return std::unexpected(ParseError{std::move(message), at.column});
}

}  // namespace

class ArrivalReader {
 public:
  ArrivalReader(const Expression& call, const std::filesystem::path& folder)
      : call_(call), folder_(folder) {}

  Result read() {
    struct Entry {
      std::string_view name;
      void (ArrivalReader::*read)();
    };
    static constexpr std::array<Entry, 12> known = {{{"const", &ArrivalReader::read_const},
                                                     {"poisson", &ArrivalReader::read_poisson},
                                                     {"batch", &ArrivalReader::read_batch},
                                                     {"onoff", &ArrivalReader::read_onoff},
                                                     {"mmpp", &ArrivalReader::read_mmpp},
                                                     {"weibull", &ArrivalReader::read_weibull},
                                                     {"ramp", &ArrivalReader::read_ramp},
                                                     {"steps", &ArrivalReader::read_steps},
                                                     {"sine", &ArrivalReader::read_sine},
                                                     {"spike", &ArrivalReader::read_spike},
                                                     {"phases", &ArrivalReader::read_phases},
                                                     {"trace", &ArrivalReader::read_trace}}};
    std::vector<std::string_view> names;
    for (const Entry& entry : known) {
      names.push_back(entry.name);
      if (entry.name != call_.word) continue;
      (this->*entry.read)();
      if (error_) return std::unexpected(*error_);
      return ArrivalProcess(std::move(source_), std::move(text_));
    }
    return error("unknown arrival process '" + call_.word + "'" + did_you_mean(call_.word, names),
                 call_);
  }

 private:
  // Makes the source, if all has been read well so far.
  template <typename Make>
  void make(const ArgumentReader& arguments, Make make_source, std::string text) {
    if (!error_) error_ = arguments.error();
    if (error_) return;
    source_ = make_source();
    text_ = std::move(text);
  }

  void read_const() {
    ArgumentReader arguments(call_, {"rate"});
    const double rate = arguments.rate("rate");
    make(arguments, [&] { return metronome(rate); }, "const(" + exact_rate(rate) + ")");
  }

  void read_poisson() {
    ArgumentReader arguments(call_, {"rate"});
    const double rate = arguments.rate("rate");
    make(
        arguments, [&] { return piecewise_poisson({{.from = rate, .to = rate}}); },
        "poisson(" + exact_rate(rate) + ")");
  }

  void read_weibull() {
    ArgumentReader arguments(call_, {"rate", "k"});
    const double rate = arguments.rate("rate", more_than_zero);
    const double k = arguments.number("k", {.low = 0.05, .high = 1000});
    make(
        arguments, [&] { return weibull_renewal({.rate = rate, .k = k}); },
        "weibull(" + exact_rate(rate) + ", k=" + exact_number(k) + ")");
  }

  void read_ramp() {
    ArgumentReader arguments(call_, {"from", "to", "over"});
    const double from = arguments.rate("from");
    const double to = arguments.rate("to");
    const double over = arguments.quantity("over", Quantity::duration, more_than_zero);
    make(
        arguments,
        [&] {
          return piecewise_poisson(
              {{.until = over, .from = from, .to = to}, {.from = to, .to = to}});
        },
        "ramp(" + exact_rate(from) + ", " + exact_rate(to) + ", " + exact_seconds(over) + ")");
  }

  void read_spike() {
    ArgumentReader arguments(call_, {"base", "peak", "at", "for"});
    const double base = arguments.rate("base");
    const double peak = arguments.rate("peak");
    const double at = arguments.quantity("at", Quantity::duration);
    const double length = arguments.quantity("for", Quantity::duration);
    make(
        arguments,
        [&] {
          return piecewise_poisson({{.until = at, .from = base, .to = base},
                                    {.until = at + length, .from = peak, .to = peak},
                                    {.from = base, .to = base}});
        },
        "spike(base=" + exact_rate(base) + ", peak=" + exact_rate(peak) +
            ", at=" + exact_seconds(at) + ", for=" + exact_seconds(length) + ")");
  }

  void read_steps() {
    ArgumentReader arguments(call_, {"rates", "every"});
    const std::vector<double> rates = read_rates(arguments, "rates");
    const double every = arguments.quantity("every", Quantity::duration, more_than_zero);
    std::vector<RatePiece> pieces;
    for (const double rate : rates) {
      const double until = every * static_cast<double>(pieces.size() + 1);
      pieces.push_back({.until = until, .from = rate, .to = rate});
    }
    if (!pieces.empty()) pieces.back().until = RatePiece{}.until;
    make(
        arguments, [&] { return piecewise_poisson(std::move(pieces)); },
        "steps(" + spell(rates) + ", every=" + exact_seconds(every) + ")");
  }

  void read_sine() {
    ArgumentReader arguments(call_, {"mean", "amplitude", "period"});
    SineRate rate;
    rate.mean = arguments.rate("mean");
    rate.amplitude = arguments.rate("amplitude");
    rate.period = arguments.quantity("period", Quantity::duration, more_than_zero);
    if (rate.amplitude > rate.mean) arguments.fail_at("amplitude", " is more than the mean");
    make(
        arguments, [&] { return sine_poisson(rate); },
        "sine(mean=" + exact_rate(rate.mean) + ", amplitude=" + exact_rate(rate.amplitude) +
            ", period=" + exact_seconds(rate.period) + ")");
  }

  void read_onoff() {
    ArgumentReader arguments(call_, {"on", "off"});
    std::vector<ModulatedState> states;
    for (const std::string_view name : {"on", "off"}) {
      states.push_back(read_state(arguments, name));
      if (arguments.error()) return void(error_ = arguments.error());
    }
    if (states[0].stay.mean() + states[1].stay.mean() == 0) {
      arguments.fail("onoff must stay somewhere for some time", call_.column);
    }
    const std::string on = states[0].stay.text() + "@" + exact_rate(states[0].rate);
    const std::string off = states[1].stay.text() + "@" + exact_rate(states[1].rate);
    make(
        arguments, [&] { return modulated_poisson(std::move(states)); },
        "onoff(on=" + on + ", off=" + off + ")");
  }

  // exp(1s)@100/s
  ModulatedState read_state(ArgumentReader& arguments, std::string_view name) const {
    const Expression& given = arguments.expression(name);
    if (arguments.error()) return {};
    if (given.kind != Expression::Kind::at) {
      arguments.fail_at(name, ": expected a stay and a rate, such as exp(1s)@100/s");
      return {};
    }
    auto stay = Distribution::from(given.arguments[0].value, Quantity::duration, folder_);
    const auto rate = read_literal(given.arguments[1].value, parse_rate);
    if (!stay) arguments.fail(stay.error().message, stay.error().column);
    if (!rate) arguments.fail(rate.error().message, rate.error().column);
    if (!stay || !rate) return {};
    return {std::move(*stay), *rate};
  }

  void read_mmpp() {
    ArgumentReader arguments(call_, {"rates", "leave"});
    const std::vector<double> rates = read_rates(arguments, "rates");
    const std::vector<double> leave = read_rates(arguments, "leave");
    if (rates.size() != leave.size() || rates.size() < 2) {
      arguments.fail("mmpp takes two lists of equal length, the rates and how often each is left",
                     call_.column);
    }
    for (const double rate : leave) {
      if (rate == 0) arguments.fail_at("leave", ": every state must be left some time");
    }
    const auto source = [&] {
      std::vector<ModulatedState> states;
      for (std::size_t i = 0; i < rates.size(); ++i) {
        const std::string stay = "exp(" + exact_seconds(1 / leave[i]) + ")";
        states.push_back({Distribution::parse(stay, Quantity::duration).value(), rates[i]});
      }
      return modulated_poisson(std::move(states));
    };
    make(arguments, source, "mmpp(" + spell(rates) + ", " + spell(leave) + ")");
  }

  void read_batch() {
    ArgumentReader arguments(call_, {"arrivals", "size"});
    const Expression& inner = arguments.expression("arrivals");
    const Expression& size = arguments.expression("size");
    if (arguments.error()) return void(error_ = arguments.error());
    const Result instants = ArrivalProcess::from(inner, folder_);
    if (!instants) return void(error_ = instants.error());
    const BatchSize batch = read_batch_size(size);
    make(
        arguments, [&] { return batched(instants->source_, batch); },
        "batch(" + instants->text() + ", size=" + spell(batch) + ")");
  }

  // geom(4), uniform(1, 10), const(5) or plainly 5
  BatchSize read_batch_size(const Expression& size) {
    constexpr Bounds at_least_one{.low = 1, .high = 1e6};
    BatchSize result;
    if (size.kind == Expression::Kind::literal || size.word == "const") {
      Expression call{.kind = Expression::Kind::call,
                      .word = "size",
                      .arguments = size.arguments,
                      .column = size.column};
      if (size.kind == Expression::Kind::literal) call.arguments = {{.key = {}, .value = size}};
      ArgumentReader arguments(call, {"size"});
      result.low = arguments.whole_number("size", at_least_one);
      error_ = arguments.error();
    } else if (size.word == "geom") {
      ArgumentReader arguments(size, {"mean"});
      result = {BatchSize::Shape::geometric, arguments.number("mean", at_least_one), 1};
      error_ = arguments.error();
    } else if (size.word == "uniform") {
      ArgumentReader arguments(size, {"low", "high"});
      result.shape = BatchSize::Shape::uniform;
      result.low = arguments.whole_number("low", at_least_one);
      result.high = arguments.whole_number("high", {.low = result.low, .high = 1e6});
      error_ = arguments.error();
    } else {
      error_ =
          ParseError{"the size of a batch is geom(4), uniform(1, 10) or a number", size.column};
    }
    return result;
  }

  // 30s: poisson(10/s), 60s: ramp(10/s, 100/s, 60s), poisson(100/s)
  void read_phases() {
    ArgumentReader arguments(call_, {"phases"});
    const Expression& list = arguments.expression("phases");
    if (arguments.error()) return void(error_ = arguments.error());
    if (list.kind != Expression::Kind::list || list.arguments.empty()) {
      return void(error_ = ParseError{"phases takes a list, such as "
                                      "phases([30s: poisson(10/s), poisson(20/s)])",
                                      list.column});
    }
    std::vector<Phase> phases;
    std::string text;
    for (const Argument& element : list.arguments) {
      const bool last = &element == &list.arguments.back();
      phases.push_back(read_phase(element.value, last, text));
      if (error_) return;
    }
    make(arguments, [&] { return phased(std::move(phases)); }, "phases([" + text + "])");
  }

  Phase read_phase(const Expression& given, bool last, std::string& text) {
    const bool ends = given.kind == Expression::Kind::pair;
    if (!ends && !last) {
      error_ = ParseError{
          "only the last phase may go on for ever; write 30s: " + std::string(given.word) + "(...)",
          given.column};
      return {};
    }
    Phase phase;
    if (!text.empty()) text += ", ";
    if (ends) {
      const auto length = read_literal(given.arguments[0].value, parse_seconds);
      if (!length) error_ = length.error();
      phase.length = length.value_or(0);
      text += exact_seconds(phase.length) + ": ";
    }
    const Result process = ArrivalProcess::from(ends ? given.arguments[1].value : given, folder_);
    if (!error_ && !process) error_ = process.error();
    if (error_) return {};
    phase.source = process->source_;
    text += process->text();
    return phase;
  }

  // Times from the start of the run; `start` is taken from each, for logs that count from an epoch,
  // and `speed` plays them faster.
  void read_trace() {
    ArgumentReader arguments(call_, {"file", "column", "unit", "start", "speed"});
    arguments.expression("file");
    const ColumnSource source{.folder = folder_,
                              .file = arguments.optional_text("file"),
                              .column = arguments.optional_text("column"),
                              .unit = arguments.optional_text("unit")};
    const double start =
        arguments.has("start") ? arguments.quantity("start", Quantity::duration) : 0;
    const double speed = arguments.has("speed") ? arguments.number("speed", more_than_zero) : 1;
    if (arguments.error()) return void(error_ = arguments.error());
    auto times = read_column(source, Quantity::duration);
    if (!times) return void(error_ = ParseError{std::move(times.error()), call_.column});
    for (double& time : *times) time = (time - start) / speed;
    std::ranges::sort(*times);
    constexpr double year = 365.0 * 86400;
    if (times->front() < 0) {
      arguments.fail_at("start", " lies after the first arrival of the trace");
    } else if (times->front() > year) {
      arguments.fail("the trace begins after more than a year; take that off with start=" +
                         exact_seconds(times->front() * speed + start),
                     call_.column);
    }
    std::string text = "trace(" + spell_arguments(source);
    if (start != 0) text += ", start=" + exact_seconds(start);
    if (speed != 1) text += ", speed=" + exact_number(speed);
    make(arguments, [&] { return recorded(std::move(*times)); }, text + ")");
  }

  static std::vector<double> read_rates(ArgumentReader& arguments, std::string_view name) {
    const Expression& list = arguments.expression(name);
    if (arguments.error()) return {};
    if (list.kind != Expression::Kind::list || list.arguments.empty()) {
      arguments.fail_at(name, " is a list of rates, such as [100/s, 200/s]");
    }
    std::vector<double> rates;
    for (const Argument& element : list.arguments) {
      const auto rate = read_literal(element.value, parse_rate);
      if (!rate) arguments.fail(rate.error().message, rate.error().column);
      rates.push_back(rate.value_or(0));
    }
    return rates;
  }

  static std::string spell(const std::vector<double>& rates) {
    std::string text = "[";
    for (const double rate : rates) {
      if (text.size() > 1) text += ", ";
      text += exact_rate(rate);
    }
    return text + "]";
  }

  static std::string spell(const BatchSize& size) {
    switch (size.shape) {
      case BatchSize::Shape::constant:
        return exact_number(size.low);
      case BatchSize::Shape::geometric:
        return "geom(" + exact_number(size.low) + ")";
      case BatchSize::Shape::uniform:
        break;
    }
    return "uniform(" + exact_number(size.low) + ", " + exact_number(size.high) + ")";
  }

  const Expression& call_;
  const std::filesystem::path& folder_;
  ArrivalSourcePointer source_;
  std::string text_;
  std::optional<ParseError> error_;
};

Result ArrivalProcess::from(const Expression& expression, const std::filesystem::path& folder) {
  if (expression.kind == Expression::Kind::call) return ArrivalReader(expression, folder).read();
  const std::string hint = expression.kind == Expression::Kind::literal
                               ? "; write poisson(" + expression.word + ")"
                               : ", such as poisson(100/s)";
  return error("expected an arrival process" + hint, expression);
}

Result ArrivalProcess::parse(std::string_view text, const std::filesystem::path& folder) {
  const auto expression = parse_expression(text);
  if (!expression) return std::unexpected(expression.error());
  return from(*expression, folder);
}

}  // namespace weir::sim
