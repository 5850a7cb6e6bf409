#include "weir/sim/workers_reader.h"

#include <algorithm>

#include "weir/sim/queue_reader.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {

Workers WorkersReader::read(const TomlNode& table, std::string name) {
  Workers workers{.name = std::move(name)};
  TomlCursor cursor(table, "[[workers]]", error_);
  cursor.read_name(workers.name, taken_names_);
  cursor.read_count("count", workers.count, std::uint32_t{1}, limit::workers);
  const Bounds scale{.low = 1 / limit::scale, .high = limit::scale};
  cursor.read_number("speed", workers.speed, scale);
  read_serving(cursor, workers);
  cursor.read_number("weight", workers.weight, scale);
  if (const TomlNode* queue = cursor.take_table("queue")) {
    workers.queue = queue_;
    read_queue(*queue, "[[workers]] queue", *workers.queue, error_);
  }
  cursor.read_parsed("failure", workers.failure, "\"1%\"", parse_percent);
  read_life(cursor, table, workers);
  cursor.finish();
  check_cpu(cursor, workers);
  total_ += workers.count;
  if (total_ > limit::workers) {
    cursor.report_table("all workers together must be at most " + std::to_string(limit::workers));
  }
  return workers;
}

void WorkersReader::read_serving(TomlCursor& cursor, Workers& workers) {
  cursor.read_word("serve", workers.serve,
                   {{"fifo", Workers::Serve::fifo}, {"ps", Workers::Serve::ps}});
  if (workers.serve == Workers::Serve::ps) {
    workers.concurrency = limit::sharing;
    cursor.read_count("cores", workers.cores, std::uint32_t{1}, limit::concurrency);
    cursor.read_count("concurrency", workers.concurrency, std::uint32_t{1}, limit::concurrency);
  } else {
    read_slots(cursor, workers);
  }
  cursor.read_word("work", workers.work,
                   {{"wait", Workers::Work::wait}, {"cpu", Workers::Work::cpu}});
}

// Who does not share has a core for each request that is served.
void WorkersReader::read_slots(TomlCursor& cursor, Workers& workers) {
  std::uint32_t cores = 0;
  cursor.read_count("cores", cores, std::uint32_t{1}, limit::concurrency);
  workers.concurrency = std::max(1u, cores);
  cursor.read_count("concurrency", workers.concurrency, std::uint32_t{1}, limit::concurrency);
  if (cores > 0 && cores < workers.concurrency) {
    cursor.report("cores", *cursor.take("cores"),
                  "are fewer than are served at once; let them share by serve = \"ps\"");
  }
}

void WorkersReader::read_life(TomlCursor& cursor, const TomlNode& table, Workers& workers) {
  const auto parse = [this](std::string_view text) {
    return Distribution::parse(text, Quantity::duration, folder_);
  };
  cursor.read_parsed("uptime", workers.uptime, "\"exp(1h)\"", parse);
  cursor.read_parsed("downtime", workers.downtime, "\"exp(1m)\"", parse);
  if (table.find("uptime") != nullptr) cursor.require("downtime", "downtime = \"exp(1m)\"");
  if (table.find("downtime") != nullptr) cursor.require("uptime", "uptime = \"exp(1h)\"");
  check_life(cursor, workers.uptime, workers.downtime);
}

void WorkersReader::check_cpu(TomlCursor& cursor, const Workers& workers) {
  if (error_ || workers.work != Workers::Work::cpu) return;
  if (workers.serve != Workers::Serve::ps && !workers.uptime) return;
  cursor.report("work", *cursor.take("work"),
                "= \"cpu\" cannot be shared or interrupted; write \"wait\"");
}

void check_life(TomlCursor& cursor, const std::optional<Distribution>& uptime,
                const std::optional<Distribution>& downtime) {
  if (uptime && uptime->mean() <= 0) {
    cursor.report("uptime", *cursor.take("uptime"), "must be above 0 on average");
  }
  if (downtime && downtime->mean() <= 0) {
    cursor.report("downtime", *cursor.take("downtime"), "must be above 0 on average");
  }
  if (uptime && uptime->per_byte() > 0) {
    cursor.report("uptime", *cursor.take("uptime"), "cannot depend on the size");
  }
  if (downtime && downtime->per_byte() > 0) {
    cursor.report("downtime", *cursor.take("downtime"), "cannot depend on the size");
  }
}

}  // namespace weir::sim
