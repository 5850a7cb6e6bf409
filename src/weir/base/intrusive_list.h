// A list whose links live in its elements: adding and removing never allocates and never fails.
//
// An element derives from ListNode and is on one list at most. It knows whether it is linked, but
// not on which list; whoever guards the list guards the links of its elements too. Only
// seems_empty() may be asked without that guard, which is why links forward are atomic: relaxed
// loads and stores, that cost what plain ones do.

#pragma once

#include <atomic>
#include <cstddef>

#include "weir/base/check.h"

namespace weir {

class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;

  bool linked() const { return after() != nullptr; }

  // Requires: linked().
  void unlink() {
    ListNode* const next = after();
    next->prev_ = prev_;
    prev_->lead_to(next);
    lead_to(nullptr);
    prev_ = nullptr;
  }

 private:
  template <class T>
  friend class List;

  ListNode* after() const { return next_.load(std::memory_order_relaxed); }
  void lead_to(ListNode* next) { next_.store(next, std::memory_order_relaxed); }

  std::atomic<ListNode*> next_ = nullptr;
  ListNode* prev_ = nullptr;
};

// Requires of T: it derives from ListNode. The list owns nothing and must be empty when it ends.
template <class T>
class List {
 public:
  List() { clear_links(); }

  List(const List&) = delete;
  List& operator=(const List&) = delete;

  bool empty() const { return head_.after() == &head_; }

  // The same without the guard: what was so at some moment, not before the latest change that the
  // caller knows of.
  bool seems_empty() const { return empty(); }

  T* front() { return empty() ? nullptr : static_cast<T*>(head_.after()); }

  T* back() { return empty() ? nullptr : static_cast<T*>(head_.prev_); }

  // The element after `node`, or null at the end.
  T* next(T& node) {
    ListNode* after = static_cast<ListNode&>(node).after();
    return after == &head_ ? nullptr : static_cast<T*>(after);
  }

  void push_back(T& element) { insert_before(head_, element); }

  void push_front(T& element) { insert_before(*head_.after(), element); }

  T* pop_front() {
    T* first = front();
    if (first != nullptr) static_cast<ListNode*>(first)->unlink();
    return first;
  }

  // Moves all elements of `other` to the end of this list.
  void append(List& other) {
    if (other.empty()) return;
    ListNode* first = other.head_.after();
    ListNode* last = other.head_.prev_;
    first->prev_ = head_.prev_;
    head_.prev_->lead_to(first);
    last->lead_to(&head_);
    head_.prev_ = last;
    other.clear_links();
  }

 private:
  void clear_links() {
    head_.lead_to(&head_);
    head_.prev_ = &head_;
  }

  static void insert_before(ListNode& place, ListNode& node) {
    WEIR_CHECK(!node.linked(), "an element was put on a second list");
    node.lead_to(&place);
    node.prev_ = place.prev_;
    place.prev_->lead_to(&node);
    place.prev_ = &node;
  }

  ListNode head_;
};

}  // namespace weir
