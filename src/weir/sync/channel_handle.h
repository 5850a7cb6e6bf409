// Counted references to a channel: what Channel, Sender and Receiver have in common.
//
// Handles are counted by what they can do, in one word, so that copying one costs one addition: a
// Sender counts as a sending end, a Receiver as a receiving one, a Channel as both. When the last
// end of one kind goes and a task waits for it, that task waits for ever; see ChannelCore.

#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <utility>

#include "weir/sync/channel_core.h"

namespace weir {

// What a handle of any kind says of its channel. Counts nothing.
class ChannelAccess {
 public:
  // The number of values that are buffered now, and how many can be; 0 for a nil channel.
  std::size_t size() const noexcept { return core_ == nullptr ? 0 : core_->size(); }
  std::size_t capacity() const noexcept { return core_ == nullptr ? 0 : core_->capacity(); }

  explicit operator bool() const noexcept { return core_ != nullptr; }
  bool operator==(const ChannelAccess&) const = default;

  ChannelCore* core() const noexcept { return core_; }

 protected:
  ChannelAccess() = default;
  explicit ChannelAccess(ChannelCore* core) noexcept : core_(core) {}
  ChannelAccess(const ChannelAccess&) = default;
  ChannelAccess& operator=(const ChannelAccess&) = default;
  ~ChannelAccess() = default;

  void close_channel(std::source_location where) const {
    WEIR_CHECK(core_ != nullptr, "a nil channel was closed");
    core_->close(where);
  }

  ChannelCore* core_ = nullptr;
};

// Counts as `ends` on a core.
template <std::uint64_t ends>
class CountedHandle : public ChannelAccess {
 public:
  CountedHandle() = default;
  explicit CountedHandle(ChannelCore* adopted) noexcept : ChannelAccess(adopted) {}
  CountedHandle(const CountedHandle& other) noexcept : ChannelAccess(other) { count(); }
  CountedHandle(CountedHandle&& other) noexcept
      : ChannelAccess(std::exchange(other.core_, nullptr)) {}
  CountedHandle& operator=(CountedHandle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~CountedHandle() {
    if (core_ != nullptr) core_->release<ends>();
  }

  static CountedHandle of(const ChannelAccess& other) noexcept {
    CountedHandle handle;
    handle.refer_to(other);
    return handle;
  }

 protected:
  // Requires: nil.
  void refer_to(const ChannelAccess& other) noexcept {
    core_ = other.core();
    count();
  }

  // Takes over the place of `other`, which counts as `ends` and more. Requires: nil.
  template <std::uint64_t more>
  void take_over(CountedHandle<more>&& other) noexcept {
    core_ = std::exchange(other.core_, nullptr);
    if (core_ != nullptr) core_->release<more - ends>();
  }

 private:
  template <std::uint64_t other_ends>
  friend class CountedHandle;

  void count() noexcept {
    if (core_ != nullptr) core_->add_reference(ends);
  }
};

// One that neither sends nor receives.
using ChannelHandle = CountedHandle<ChannelCore::guest>;
using SendingHandle = CountedHandle<ChannelCore::sender>;
using ReceivingHandle = CountedHandle<ChannelCore::receiver>;

}  // namespace weir
