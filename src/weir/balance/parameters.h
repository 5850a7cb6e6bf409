// The parameters of a policy as they were written, until its factory asks for them.
//
// The factory says which it knows by asking, with the range of each; what is bad and what nobody
// asked for is found here, so no factory writes an error message.

#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace weir::balance {

class Parameters {
 public:
  // Reads `key=value, key=value, …`. The error is a sentence for the user.
  static std::expected<Parameters, std::string> parse(std::string_view text);

  // The value of `key`, or `fallback` if it was not given or is not in [least, most].
  std::uint32_t whole(std::string_view key, std::uint32_t fallback, std::uint32_t least = 0,
                      std::uint32_t most = UINT32_MAX);
  double number(std::string_view key, double fallback, double least, double most);
  bool flag(std::string_view key, bool fallback);  // true or false

  // The first thing wrong with what was given; empty if nothing is. Requires: all that are known
  // have been asked for.
  std::string error() const;

 private:
  struct Given {
    std::string key;
    std::string value;
  };

  const std::string* find(std::string_view key);
  void complain(std::string_view key, std::string_view value, std::string_view wanted);

  std::vector<Given> given_;
  std::vector<std::string> asked_;
  std::string error_;
};

}  // namespace weir::balance
