#include "weir/rpc/waiting_line.h"

namespace weir::rpc {

WaitingLine::~WaitingLine() {
  while (oldest() != nullptr) {
  }
}

void WaitingLine::add(std::unique_ptr<Envelope> envelope) {
  waiting_.push_back(*envelope.release());
  ++size_;
}

void WaitingLine::put_back(std::unique_ptr<Envelope> envelope) {
  Envelope& returned = *envelope.release();
  if (discipline_ == Discipline::fifo) {
    waiting_.push_front(returned);
  } else {
    waiting_.push_back(returned);
  }
  ++size_;
}

std::unique_ptr<Envelope> WaitingLine::next() {
  if (discipline_ == Discipline::fifo) return oldest();
  Envelope* newest = waiting_.back();
  return newest == nullptr ? nullptr : remove(*newest);
}

std::unique_ptr<Envelope> WaitingLine::oldest() {
  Envelope* first = waiting_.front();
  return first == nullptr ? nullptr : remove(*first);
}

std::unique_ptr<Envelope> WaitingLine::remove(Envelope& envelope) {
  static_cast<ListNode&>(envelope).unlink();
  --size_;
  return std::unique_ptr<Envelope>(&envelope);
}

}  // namespace weir::rpc
