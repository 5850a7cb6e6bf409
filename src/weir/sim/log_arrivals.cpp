#include "weir/sim/log_arrivals.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::sim {
namespace {

class LogArrivals final : public ArrivalSource {
 public:
  LogArrivals(LogTimes times, double spread) : times_(std::move(times)), spread_(spread) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(*times_, spread_);
  }

  double mean_rate() const override {
    const auto count = static_cast<double>(times_->size());
    const double length = seconds(times_->back() - times_->front()) + spread_;
    if (spread_ > 0) return count / length;
    return length > 0 ? (count - 1) / length : 0;
  }

  double expected_count(double end) const override {
    const auto before = [&](double moment) {
      const auto earlier = [moment](std::int64_t time) { return seconds(time) < moment; };
      return static_cast<double>(std::ranges::partition_point(*times_, earlier) - times_->begin());
    };
    if (spread_ == 0) return before(end);
    // Of the last second a part: its requests are as likely anywhere in it.
    const double begun = before(end), over = before(end - spread_);
    const auto last = static_cast<std::size_t>(begun);
    if (begun == over) return begun;
    return over + (begun - over) * (end - seconds((*times_)[last - 1])) / spread_;
  }

 private:
  static double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

  class Walk final : public ArrivalWalk {
   public:
    Walk(const std::vector<std::int64_t>& times, double spread) : times_(times), spread_(spread) {}

    double next(Random& random) override {
      if (at_ == times_.size()) return std::numeric_limits<double>::infinity();
      if (spread_ == 0) return seconds(times_[at_++]);
      if (at_ == end_) enter(random);
      return places_[places_.size() - (end_ - at_++)];
    }

   private:
    // The next time, and where its requests fall.
    void enter(Random& random) {
      const std::int64_t time = times_[at_];
      const double least = places_.empty() ? 0 : places_.back();  // rounding may not turn it back
      places_.clear();
      for (end_ = at_; end_ < times_.size() && times_[end_] == time; ++end_) {
        places_.push_back(std::max(least, seconds(time) + spread_ * random.uniform()));
      }
      std::ranges::sort(places_);
    }

    const std::vector<std::int64_t>& times_;
    const double spread_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;         // of the requests that share a time
    std::vector<double> places_;  // of those
  };

  const LogTimes times_;
  const double spread_;
};

}  // namespace

ArrivalSourcePointer log_arrivals(LogTimes times, double spread) {
  return std::make_shared<LogArrivals>(std::move(times), spread);
}

}  // namespace weir::sim
