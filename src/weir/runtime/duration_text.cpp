#include "weir/runtime/duration_text.h"

#include <cstdint>
#include <utility>

namespace weir {

std::string spell_duration(Duration duration) {
  constexpr std::pair<std::int64_t, const char*> units[] = {
      {3'600'000'000'000, " h"}, {60'000'000'000, " min"}, {1'000'000'000, " s"},
      {1'000'000, " ms"},        {1'000, " us"},           {1, " ns"}};
  const std::int64_t count = duration.count();
  if (count < 0) return "-" + spell_duration(-duration);
  for (const auto& [size, name] : units) {
    if (count < size) continue;
    std::string text = std::to_string(count / size);
    const std::int64_t tenths = size == 1 ? 0 : count % size / (size / 10);
    if (count < 10 * size && tenths > 0) text += '.' + std::to_string(tenths);
    return text + name;
  }
  return "0 s";
}

}  // namespace weir
