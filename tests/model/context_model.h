// The plainest possible tree of contexts, as specification.
//
// Every question is answered from the list of what has been done, by walking up: a context is
// cancelled by the earliest of the cancels and deadlines on its way to the root. No links down, no
// timers, no counts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace weir::model {

// When a context ended, as a moment in the order of things: time, and the place among what happened
// at that time.
struct Ending {
  std::int64_t time = 0;
  std::int64_t step = 0;
  int cause = 0;  // a number that stands for the text of the cause

  bool operator==(const Ending&) const = default;
};

class ContextModel {
 public:
  // All return the number of the new context. `parent` is the number of one, or -1 for none.
  int add(int parent);
  int add_apart(int parent);
  int add_deadline(int parent, std::int64_t deadline, int cause);
  int add_value(int parent, int key, int value);

  // The clock reaches `time`, at which all deadlines up to it have passed.
  void advance(std::int64_t time);

  void cancel(int context, int cause);

  std::optional<int> cause(int context) const;
  std::int64_t deadline(int context) const;
  std::optional<int> value(int context, int key) const;

  static constexpr std::int64_t never = INT64_MAX;

 private:
  struct Node {
    int parent = -1;
    bool apart = false;  // nothing but values comes down to it
    std::int64_t deadline = never;
    bool armed = false;  // the deadline is still to come
    int deadline_cause = 0;
    std::map<int, int> values = {};
    std::optional<Ending> ended = {};  // by its own cancel or deadline, or from birth
  };

  int add_node(Node node);
  std::optional<Ending> ending(int context) const;
  Node& node(int context) { return nodes_[static_cast<std::size_t>(context)]; }
  const Node& node(int context) const { return nodes_[static_cast<std::size_t>(context)]; }

  std::vector<Node> nodes_;
  std::int64_t now_ = 0;
  std::int64_t steps_ = 0;
};

}  // namespace weir::model
