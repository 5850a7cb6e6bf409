#include "weir/runtime/wait_graph.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "weir/runtime/waited_for.h"

namespace weir {
namespace {

constexpr std::size_t shown_max = 50;

std::string name_of(const TaskRecord& task) {
  return "task " + std::to_string(task.id);
}

std::string spell_list(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : ", ") + words[i];
  return text;
}

std::vector<const void*> objects_of(const TaskRecord& task) {
  std::vector<WaitedFor> things;
  if (task.wait != nullptr) task.wait->describe(things);
  std::vector<const void*> objects;
  for (const WaitedFor& thing : things) {
    if (thing.object != nullptr) objects.push_back(thing.object);
  }
  return objects;
}

class WaitGraph {
 public:
  WaitGraph(const std::vector<TaskRecord*>& tasks, std::vector<const void*> numbered);
  std::string text();

 private:
  struct Node {
    const TaskRecord* task;
    std::vector<const void*> objects;
    std::vector<std::size_t> ends;  // places of the tasks that have to end first
    enum { unseen, on_the_way, seen } state = unseen;
  };

  std::string line_of(const Node& node);
  std::string spell_object(const Node& node, const void* object);
  std::string circles();
  std::size_t number_of(const void* object);

  std::vector<Node> nodes_;
  std::vector<const void*> objects_;
};

WaitGraph::WaitGraph(const std::vector<TaskRecord*>& tasks, std::vector<const void*> numbered)
    : objects_(std::move(numbered)) {
  for (const TaskRecord* task : tasks) {
    if (nodes_.size() == shown_max) break;
    nodes_.push_back({task, objects_of(*task), {}});
  }
  for (Node& node : nodes_) {
    for (const void* object : node.objects) {
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const EndHook* hook = nodes_[i].task->hook();
        if (object == nodes_[i].task || (hook != nullptr && object == hook->awaited_as())) {
          node.ends.push_back(i);
        }
      }
    }
  }
}

std::size_t WaitGraph::number_of(const void* object) {
  const auto place = std::ranges::find(objects_, object);
  const auto number = static_cast<std::size_t>(place - objects_.begin()) + 1;
  if (place == objects_.end()) objects_.push_back(object);
  return number;
}

std::string WaitGraph::spell_object(const Node& node, const void* object) {
  std::vector<std::string> others;
  for (const Node& other : nodes_) {
    if (&other == &node || std::ranges::find(other.objects, object) == other.objects.end()) {
      continue;
    }
    others.push_back(name_of(*other.task) + " (" + other.task->wait->verb() + ")");
  }
  return " on object " + std::to_string(number_of(object)) +
         (others.empty() ? ", where nobody else waits" : ", as does " + spell_list(others));
}

std::string WaitGraph::line_of(const Node& node) {
  const Wait& wait = *node.task->wait;
  std::string text =
      "  " + name_of(*node.task) + " waits in " + wait.verb() + " at " + spell_place(wait.where());
  if (!node.ends.empty()) {
    std::vector<std::string> names;
    for (std::size_t i : node.ends) names.push_back(name_of(*nodes_[i].task));
    return text + " for the end of " + spell_list(names) + "\n";
  }
  for (std::size_t i = 0; i < node.objects.size(); ++i) {
    text += (i == 0 ? "" : ";") + spell_object(node, node.objects[i]);
  }
  return text + "\n";
}

// Follows the edges from every task; what leads back to a task that is on the way is a circle.
std::string WaitGraph::circles() {
  std::string text;
  std::vector<std::size_t> way;
  const auto follow = [&](auto& self, std::size_t place) -> void {
    nodes_[place].state = Node::on_the_way;
    way.push_back(place);
    for (std::size_t next : nodes_[place].ends) {
      if (nodes_[next].state == Node::unseen) self(self, next);
      if (nodes_[next].state != Node::on_the_way) continue;
      text += "  a circle:";
      const auto first = std::ranges::find(way, next);
      for (auto i = first; i != way.end(); ++i) text += " " + name_of(*nodes_[*i].task) + " ->";
      text += " " + name_of(*nodes_[next].task) + "\n";
    }
    way.pop_back();
    nodes_[place].state = Node::seen;
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].state == Node::unseen) follow(follow, i);
  }
  return text;
}

std::string WaitGraph::text() {
  std::string text;
  for (const Node& node : nodes_) {
    if (node.task->wait != nullptr) text += line_of(node);
  }
  return text + circles();
}

}  // namespace

std::string describe_waits(const std::vector<TaskRecord*>& tasks,
                           std::vector<const void*> numbered) {
  return WaitGraph(tasks, std::move(numbered)).text();
}

}  // namespace weir
