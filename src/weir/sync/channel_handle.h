// A counted reference to a channel: what Channel, Sender and Receiver have in common.

#pragma once

#include <cstddef>
#include <source_location>
#include <utility>

#include "weir/sync/channel_core.h"

namespace weir {

// Counts one reference on a core.
class ChannelHandle {
 public:
  ChannelHandle() = default;
  explicit ChannelHandle(ChannelCore* adopted) noexcept : core_(adopted) {}
  ChannelHandle(const ChannelHandle& other) noexcept : core_(other.core_) {
    if (core_ != nullptr) core_->add_reference();
  }
  ChannelHandle(ChannelHandle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  ChannelHandle& operator=(ChannelHandle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~ChannelHandle() {
    if (core_ != nullptr) core_->release();
  }

  // The number of values that are buffered now, and how many can be; 0 for a nil channel.
  std::size_t size() const noexcept { return core_ == nullptr ? 0 : core_->size(); }
  std::size_t capacity() const noexcept { return core_ == nullptr ? 0 : core_->capacity(); }

  explicit operator bool() const noexcept { return core_ != nullptr; }
  bool operator==(const ChannelHandle&) const = default;

  ChannelCore* core() const noexcept { return core_; }

 protected:
  void close_channel(std::source_location where) const {
    WEIR_CHECK(core_ != nullptr, "a nil channel was closed");
    core_->close(where);
  }

 private:
  ChannelCore* core_ = nullptr;
};

}  // namespace weir
