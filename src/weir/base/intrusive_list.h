// A list whose links live in its elements: adding and removing never allocates and never fails.
//
// An element derives from ListNode and is on one list at most. It knows whether it is linked, but
// not on which list; whoever guards the list guards the links of its elements too.

#pragma once

#include <cstddef>

#include "weir/base/check.h"

namespace weir {

class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;

  bool linked() const { return next_ != nullptr; }

  // Requires: linked().
  void unlink() {
    next_->prev_ = prev_;
    prev_->next_ = next_;
    next_ = prev_ = nullptr;
  }

 private:
  template <class T>
  friend class List;

  ListNode* next_ = nullptr;
  ListNode* prev_ = nullptr;
};

// Requires of T: it derives from ListNode. The list owns nothing and must be empty when it ends.
template <class T>
class List {
 public:
  List() { clear_links(); }

  List(const List&) = delete;
  List& operator=(const List&) = delete;

  bool empty() const { return head_.next_ == &head_; }

  T* front() { return empty() ? nullptr : static_cast<T*>(head_.next_); }

  T* back() { return empty() ? nullptr : static_cast<T*>(head_.prev_); }

  // The element after `node`, or null at the end.
  T* next(T& node) {
    ListNode* after = static_cast<ListNode&>(node).next_;
    return after == &head_ ? nullptr : static_cast<T*>(after);
  }

  void push_back(T& element) { insert_before(head_, element); }

  void push_front(T& element) { insert_before(*head_.next_, element); }

  T* pop_front() {
    T* first = front();
    if (first != nullptr) static_cast<ListNode*>(first)->unlink();
    return first;
  }

  // Moves all elements of `other` to the end of this list.
  void append(List& other) {
    if (other.empty()) return;
    ListNode* first = other.head_.next_;
    ListNode* last = other.head_.prev_;
    first->prev_ = head_.prev_;
    head_.prev_->next_ = first;
    last->next_ = &head_;
    head_.prev_ = last;
    other.clear_links();
  }

 private:
  void clear_links() { head_.next_ = head_.prev_ = &head_; }

  static void insert_before(ListNode& place, ListNode& node) {
    WEIR_CHECK(!node.linked(), "an element was put on a second list");
    node.next_ = &place;
    node.prev_ = place.prev_;
    place.prev_->next_ = &node;
    place.prev_ = &node;
  }

  ListNode head_;
};

}  // namespace weir
