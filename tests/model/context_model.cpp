#include "tests/model/context_model.h"

#include <algorithm>
#include <utility>

namespace weir::model {

int ContextModel::add_node(Node node) {
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int ContextModel::add(int parent) {
  return add_node({.parent = parent});
}

int ContextModel::add_apart(int parent) {
  return add_node({.parent = parent, .apart = true});
}

// A deadline of the parent that is not later is the one that counts.
int ContextModel::add_deadline(int parent, std::int64_t deadline, int cause) {
  const std::int64_t above = parent < 0 ? never : this->deadline(parent);
  const int made = add_node({.parent = parent,
                             .deadline = deadline < above ? deadline : never,
                             .armed = deadline < above && deadline > now_,
                             .deadline_cause = cause});
  if (deadline < above && deadline <= now_) cancel(made, cause);
  return made;
}

int ContextModel::add_value(int parent, int key, int value) {
  return add_node({.parent = parent, .values = {{key, value}}});
}

void ContextModel::advance(std::int64_t time) {
  now_ = time;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& each = nodes_[i];
    if (!each.armed || each.deadline > time || each.ended) continue;
    each.ended = Ending{each.deadline, 0, each.deadline_cause};
  }
}

void ContextModel::cancel(int context, int cause) {
  if (this->cause(context)) return;
  node(context).ended = Ending{now_, ++steps_, cause};
}

// The earliest ending on the way up; of two, that of the context above came down.
std::optional<Ending> ContextModel::ending(int context) const {
  const Node& self = node(context);
  if (self.parent < 0 || self.apart) return self.ended;
  const std::optional<Ending> above = ending(self.parent);
  if (!above || !self.ended) return above ? above : self.ended;
  const auto moment = [](const Ending& each) { return std::pair(each.time, each.step); };
  return moment(*self.ended) < moment(*above) ? self.ended : above;
}

std::optional<int> ContextModel::cause(int context) const {
  const std::optional<Ending> ended = ending(context);
  if (!ended) return std::nullopt;
  return ended->cause;
}

std::int64_t ContextModel::deadline(int context) const {
  const Node& self = node(context);
  if (self.parent < 0 || self.apart) return self.deadline;
  return std::min(self.deadline, deadline(self.parent));
}

std::optional<int> ContextModel::value(int context, int key) const {
  for (int at = context; at >= 0; at = node(at).parent) {
    if (const auto found = node(at).values.find(key); found != node(at).values.end()) {
      return found->second;
    }
  }
  return std::nullopt;
}

}  // namespace weir::model
