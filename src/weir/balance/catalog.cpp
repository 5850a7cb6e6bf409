#include "weir/balance/catalog.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "weir/balance/central_queue.h"
#include "weir/balance/least_loaded.h"
#include "weir/balance/p2c.h"
#include "weir/balance/random_choice.h"
#include "weir/balance/round_robin.h"
#include "weir/balance/weighted_round_robin.h"
#include "weir/base/check.h"
#include "weir/base/suggestion.h"

namespace weir::balance {

namespace {

// The two halves of `name(parameters)`.
struct Call {
  std::string_view name;
  std::string_view parameters;
};

std::expected<Call, std::string> parse_call(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return Call{.name = text, .parameters = {}};
  if (!text.ends_with(')')) {
    return std::unexpected(std::string(text) + " lacks a closing bracket at its end");
  }
  return Call{.name = text.substr(0, open),
              .parameters = text.substr(open + 1, text.size() - open - 2)};
}

}  // namespace

Catalog Catalog::standard() {
  Catalog catalog;
  catalog.add("p2c", "the better of d=2 random workers (the default)",
              [](Parameters& given) { return p2c(given.whole("d", 2, 1, p2c_choices_max)); });
  catalog.add("central_queue", "one line for all; a worker gets prefetch=0 requests ahead",
              [](Parameters& given) { return central_queue(given.whole("prefetch", 0)); });
  catalog.add("least_loaded", "the worker with the fewest in flight, of all", least_loaded());
  catalog.add("round_robin", "each in turn; random_start=false",
              [](Parameters& given) { return round_robin(given.flag("random_start", false)); });
  catalog.add("weighted_round_robin", "each in turn, as often as its weight says",
              weighted_round_robin());
  catalog.add("random", "any worker, as often as its weight says", random());
  return catalog;
}

void Catalog::add(std::string name, std::string line, Factory factory) {
  WEIR_CHECK(std::ranges::find(entries_, name, &Entry::name) == entries_.end(),
             "two policies of one catalog have the same name");
  entries_.push_back({std::move(name), std::move(line), std::move(factory)});
}

void Catalog::add(std::string name, std::string line, PolicySpec policy) {
  add(std::move(name), std::move(line),
      [policy = std::move(policy)](Parameters&) { return policy; });
}

std::expected<PolicySpec, std::string> Catalog::make(std::string_view text) const {
  const auto call = parse_call(text);
  if (!call) return std::unexpected("policy " + call.error());
  const auto entry = std::ranges::find(entries_, call->name, &Entry::name);
  if (entry == entries_.end()) return std::unexpected(unknown(call->name));
  auto parameters = Parameters::parse(call->parameters);
  if (!parameters) return std::unexpected("policy '" + entry->name + "': " + parameters.error());
  PolicySpec policy = entry->factory(*parameters);
  if (const std::string error = parameters->error(); !error.empty()) {
    return std::unexpected("policy '" + entry->name + "': " + error);
  }
  return policy;
}

std::string Catalog::unknown(std::string_view name) const {
  std::vector<std::string_view> known;
  std::string list;
  for (const Entry& entry : entries_) {
    known.push_back(entry.name);
    if (!list.empty()) list += ", ";
    list += entry.name;
  }
  std::string sentence = "there is no policy '";
  sentence.append(name).append("'");
  if (const auto nearest = nearest_word(name, known)) {
    sentence.append("; did you mean '").append(*nearest).append("'?");
  }
  return sentence.append(" (there are: ").append(list).append(")");
}

}  // namespace weir::balance
