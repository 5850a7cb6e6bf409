#include "weir/sim/load_reader.h"

#include <cmath>
#include <utility>

#include "weir/sim/request_tables.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/toml_cursor.h"

namespace weir::sim {

Load LoadReader::read(const TomlNode& table, std::string name) {
  Load load{.name = std::move(name)};
  TomlCursor cursor(table, "[[load]]", error_);
  cursor.read_name(load.name, taken_names_);
  if (table.find("clients") != nullptr && table.find("arrival") == nullptr) {
    load.model = Load::Model::closed;
  }
  cursor.read_word("model", load.model,
                   {{"open", Load::Model::open}, {"closed", Load::Model::closed}});
  cursor.read_parsed("arrival", load.arrival, "\"poisson(100/s)\"", [this](std::string_view text) {
    return ArrivalProcess::parse(text, folder_);
  });
  cursor.read_count("clients", load.clients, std::uint32_t{1}, limit::clients);
  read_distribution(cursor, "think", load.think);
  read_distribution(cursor, "service", load.service);
  cursor.read_parsed("size", load.size, "\"const(64KiB)\"", [this](std::string_view text) {
    return Distribution::parse(text, Quantity::size, folder_);
  });
  cursor.read_word("demand", load.demand,
                   {{"attempt", Load::Demand::attempt}, {"request", Load::Demand::request}});
  cursor.read_time("timeout", load.timeout, limit::time);
  if (const TomlNode* retry = cursor.take_table("retry")) read_retry(*retry, load.retry);
  read_calling(cursor, load);
  cursor.read_label("class", load.class_name);
  cursor.require("service", "service = \"exp(10ms)\"");
  require_model(cursor, table, load.model);
  cursor.finish();
  check_model(cursor, load);
  check_calling(cursor, load);
  check_requests(cursor, load);
  return load;
}

// How its requests are made, beyond when and how long.
void LoadReader::read_calling(TomlCursor& cursor, Load& load) {
  read_flag(cursor, "cancel_on_timeout", load.cancel_on_timeout);
  cursor.read_parsed("key", load.key, "\"zipf(1000, s=1.1)\"", KeyChoice::parse);
  double priority = 0;
  cursor.read_number("priority", priority, {.low = -limit::priority, .high = limit::priority});
  if (priority != std::floor(priority)) {
    cursor.report("priority", *cursor.take("priority"), "must be a whole number");
  }
  load.priority = static_cast<std::int32_t>(priority);
  if (const TomlNode* hedge = cursor.take_table("hedge")) load.hedge = read_hedge(*hedge, error_);
  if (const TomlNode* upload = cursor.take_table("upload")) {
    load.upload = read_upload(*upload, folder_, error_);
  }
}

void LoadReader::check_calling(TomlCursor& cursor, const Load& load) {
  if (error_) return;
  if (load.hedge && (load.retry.max + 1) * (load.hedge->max + 1) > limit::attempts) {
    cursor.report("hedge", *cursor.take("hedge"),
                  "and retries make more than " + std::to_string(limit::attempts) +
                      " attempts of one request");
  }
  if (!load.upload) return;
  const TomlNode& upload = *cursor.take("upload");
  if (!load.size) {
    cursor.report("upload", upload, "needs the length of the payload: add size = \"exp(1MiB)\"");
  } else if (load.size->mean() > static_cast<double>(load.upload->chunk) * limit::chunks) {
    cursor.report("upload", upload,
                  "makes more than a million chunks of a payload; write greater ones");
  } else if (!load.cancel_on_timeout && load.upload->holds == Upload::Holds::worker) {
    cursor.report("upload", upload,
                  "to a worker ends with its sender; remove cancel_on_timeout = false");
  }
}

void LoadReader::read_distribution(TomlCursor& cursor, std::string_view key, Distribution& target) {
  cursor.read_parsed(key, target, "\"exp(10ms)\"", [this](std::string_view text) {
    return Distribution::parse(text, Quantity::duration, folder_);
  });
}

// Says nothing when the key of the other model is there: check_model() knows better.
void LoadReader::require_model(TomlCursor& cursor, const TomlNode& table, Load::Model model) {
  if (model == Load::Model::closed) {
    if (table.find("arrival") == nullptr) cursor.require("clients", "clients = 10");
  } else if (table.find("clients") == nullptr) {
    cursor.require("arrival", "arrival = \"poisson(100/s)\", or clients = 10 for a closed load");
  }
}

void LoadReader::check_model(TomlCursor& cursor, const Load& load) {
  const auto refuse = [&](std::string_view key, std::string_view reason) {
    if (const TomlNode* node = cursor.take(key)) cursor.report(key, *node, reason);
  };
  if (load.model == Load::Model::closed) {
    refuse("arrival", "belongs to an open load; remove it, or write model = \"open\"");
  } else {
    refuse("clients", "belongs to a closed load; remove it, or write model = \"closed\"");
    refuse("think", "belongs to a closed load; remove it, or write model = \"closed\"");
  }
  if (load.service.per_byte() > 0 && !load.size) {
    refuse("service", "depends on the size: add size = \"const(64KiB)\"");
  }
  if (load.think.per_byte() > 0) refuse("think", "cannot depend on the size");
}

void LoadReader::check_requests(TomlCursor& cursor, const Load& load) {
  const TomlNode* arrival = cursor.take("arrival");
  if (error_ || arrival == nullptr) return;
  const Duration time = horizon_.time.value_or(limit::time);
  const double expected = load.arrival.expected_count(time);
  if (expected <= 0) cursor.report("arrival", *arrival, "sends no request before the end");
  if (horizon_.time && expected > static_cast<double>(limit::requests)) {
    cursor.report("arrival", *arrival,
                  "sends more than " + std::to_string(limit::requests) +
                      " requests before the end; shorten the time");
  }
}

void LoadReader::read_retry(const TomlNode& table, Retry& retry) {
  TomlCursor cursor(table, "[load.retry]", error_);
  cursor.read_count("max", retry.max, std::uint32_t{0}, limit::retries);
  cursor.read_time("attempt_timeout", retry.attempt_timeout, limit::time);
  cursor.read_parsed("backoff", retry.backoff, "\"exp(50ms, x2, cap=1s)\"", parse_backoff);
  read_retry_causes(cursor, retry);
  read_budget(cursor, retry);
  cursor.require("max", "max = 2");
  cursor.finish();
}

void LoadReader::read_retry_causes(TomlCursor& cursor, Retry& retry) {
  const TomlNode* list = cursor.take("on");
  if (list == nullptr) return;
  constexpr std::string_view advice = "must be a list of \"timeout\", \"error\" and \"refused\"";
  if (list->kind != TomlNode::Kind::list) {
    cursor.report("on", *list, std::string(advice) + ", not " + quoted(*list));
    return;
  }
  retry.on_timeout = retry.on_error = retry.on_refused = false;
  for (const TomlNode& cause : list->items) {
    bool* target = cause.text == "timeout"   ? &retry.on_timeout
                   : cause.text == "error"   ? &retry.on_error
                   : cause.text == "refused" ? &retry.on_refused
                                             : nullptr;
    if (target == nullptr) {
      cursor.report("on", cause, std::string(advice) + ", not " + quoted(cause));
      return;
    }
    *target = true;
  }
}

void LoadReader::read_budget(TomlCursor& cursor, Retry& retry) {
  const TomlNode* node = cursor.take("budget");
  if (node != nullptr && node->text == "none") {
    retry.budget.reset();
    return;
  }
  cursor.read_parsed("budget", retry.budget->ratio, "\"20%\" or \"none\"", parse_percent);
}

}  // namespace weir::sim
