#include "weir/sim/arrival_source.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

#include "weir/base/elementary.h"
#include "weir/sim/special_functions.h"

namespace weir::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double unit_exponential(Random& random) {
  return -elementary::log(random.uniform());
}

class Metronome final : public ArrivalSource {
 public:
  explicit Metronome(double rate) : rate_(rate) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(rate_);
  }
  double mean_rate() const override { return rate_; }

 private:
  // By division, so that a billion steps do not add up a billion rounding errors.
  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(double rate) : rate_(rate) {}
    double next(Random&) override { return rate_ > 0 ? steps_++ / rate_ : infinity; }

   private:
    double rate_;
    double steps_ = 0;
  };

  double rate_;
};

class PiecewisePoisson final : public ArrivalSource {
 public:
  explicit PiecewisePoisson(std::vector<RatePiece> pieces) : pieces_(std::move(pieces)) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(pieces_);
  }
  double mean_rate() const override { return pieces_.back().to; }
  double expected_count(double end) const override {
    double sum = 0;
    double begin = 0;
    for (const RatePiece& piece : pieces_) {
      if (end <= begin) break;
      const double stop = std::min(end, piece.until);
      const double at_stop = piece.from + slope(piece, begin) * (stop - begin);
      sum += (piece.from + at_stop) / 2 * (stop - begin);
      begin = piece.until;
    }
    return sum;
  }

 private:
  static double slope(const RatePiece& piece, double begin) {
    return piece.to == piece.from ? 0 : (piece.to - piece.from) / (piece.until - begin);
  }

  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(const std::vector<RatePiece>& pieces) : piece_(&pieces.front()) { enter(); }

    double next(Random& random) override {
      double mass = unit_exponential(random);
      for (;;) {
        const double left = piece_->until - now_;
        const double capacity = left == infinity ? infinity : (rate_ + piece_->to) / 2 * left;
        if (mass < capacity) return advance(mass);
        mass -= capacity;
        now_ = piece_->until;
        ++piece_;
        enter();
      }
    }

   private:
    void enter() {
      rate_ = piece_->from;
      slope_ = slope(*piece_, now_);
    }

    double advance(double mass) {
      if (slope_ == 0 && rate_ == 0) return infinity;
      now_ = std::min(now_ + (slope_ == 0 ? mass / rate_ : sloped_step(mass)), piece_->until);
      return now_;
    }

    // Solves rate·d + slope·d²/2 = mass, in the form that cancels nothing.
    double sloped_step(double mass) {
      const double root = std::sqrt(std::max(0.0, rate_ * rate_ + 2 * slope_ * mass));
      const double step = 2 * mass / (rate_ + root);
      rate_ = root;
      return step;
    }

    const RatePiece* piece_;
    double now_ = 0;
    double rate_ = 0;   // at now_
    double slope_ = 0;  // of the piece
  };

  std::vector<RatePiece> pieces_;
};

class SinePoisson final : public ArrivalSource {
 public:
  explicit SinePoisson(SineRate rate) : rate_(rate) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(rate_);
  }
  double mean_rate() const override { return rate_.mean; }
  double expected_count(double end) const override {
    const double swing = rate_.amplitude * rate_.period / (2 * std::numbers::pi);
    return rate_.mean * end + swing * (1 - elementary::cosine_of_turns(end / rate_.period));
  }

 private:
  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(const SineRate& rate) : rate_(rate) {}

    double next(Random& random) override {
      const double peak = rate_.mean + rate_.amplitude;
      if (peak == 0) return infinity;
      for (;;) {
        now_ += unit_exponential(random) / peak;
        const double turn = elementary::sine_of_turns(now_ / rate_.period);
        if (random.uniform() * peak <= rate_.mean + rate_.amplitude * turn) return now_;
      }
    }

   private:
    const SineRate& rate_;
    double now_ = 0;
  };

  SineRate rate_;
};

class WeibullRenewal final : public ArrivalSource {
 public:
  explicit WeibullRenewal(WeibullGaps gaps)
      : rate_(gaps.rate),
        power_(1 / gaps.k),
        scale_(gaps.rate > 0 ? 1 / (gaps.rate * gamma_function(1 + power_)) : infinity) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(*this);
  }
  double mean_rate() const override { return rate_; }

 private:
  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(const WeibullRenewal& source) : source_(source) {}

    double next(Random& random) override {
      const double power = source_.power_ * elementary::log(unit_exponential(random));
      now_ += source_.scale_ * elementary::exp(power);
      return now_;
    }

   private:
    const WeibullRenewal& source_;
    double now_ = 0;
  };

  double rate_;
  double power_;
  double scale_;
};

class ModulatedPoisson final : public ArrivalSource {
 public:
  explicit ModulatedPoisson(std::vector<ModulatedState> states) : states_(std::move(states)) {
    double arrivals = 0;
    for (const ModulatedState& state : states_) {
      cycle_ += state.stay.mean();
      arrivals += state.stay.mean() * state.rate;
    }
    rate_ = arrivals / cycle_;
  }

  std::unique_ptr<ArrivalWalk> start(Random& random) const override {
    return std::make_unique<Walk>(*this, random);
  }
  double mean_rate() const override { return rate_; }

 private:
  class Walk final : public ArrivalWalk {
   public:
    Walk(const ModulatedPoisson& source, Random& random) : source_(source) {
      double place = random.uniform() * source.cycle_;
      const std::size_t last = source.states_.size() - 1;
      while (state_ < last && place >= source.states_[state_].stay.mean()) {
        place -= source.states_[state_].stay.mean();
        ++state_;
      }
      until_ = source.states_[state_].stay.sample(random);
    }

    double next(Random& random) override {
      if (source_.rate_ == 0) return infinity;
      double mass = unit_exponential(random);
      for (;;) {
        const double rate = source_.states_[state_].rate;
        const double capacity = rate * (until_ - now_);
        if (mass < capacity) break;
        mass -= capacity;
        now_ = until_;
        state_ = (state_ + 1) % source_.states_.size();
        until_ = now_ + source_.states_[state_].stay.sample(random);
      }
      now_ = std::min(until_, now_ + mass / source_.states_[state_].rate);
      return now_;
    }

   private:
    const ModulatedPoisson& source_;
    std::size_t state_ = 0;
    double now_ = 0;
    double until_ = 0;  // end of the stay in the state
  };

  std::vector<ModulatedState> states_;
  double cycle_ = 0;  // mean time of a round
  double rate_ = 0;
};

double mean_of(const BatchSize& size) {
  return size.shape == BatchSize::Shape::uniform ? (size.low + size.high) / 2 : size.low;
}

std::uint64_t sample(const BatchSize& size, Random& random) {
  const auto low = static_cast<std::uint64_t>(size.low);
  switch (size.shape) {
    case BatchSize::Shape::constant:
      return low;
    case BatchSize::Shape::uniform:
      return low + random.below(static_cast<std::uint64_t>(size.high) - low + 1);
    case BatchSize::Shape::geometric:
      break;
  }
  if (size.low == 1) return 1;
  const double failures = unit_exponential(random) / -elementary::log(1 - 1 / size.low);
  return 1 + static_cast<std::uint64_t>(failures);
}

class Batched final : public ArrivalSource {
 public:
  Batched(ArrivalSourcePointer instants, BatchSize size)
      : instants_(std::move(instants)), size_(size) {}

  std::unique_ptr<ArrivalWalk> start(Random& random) const override {
    return std::make_unique<Walk>(instants_->start(random), size_);
  }
  double mean_rate() const override { return instants_->mean_rate() * mean_of(size_); }
  double expected_count(double end) const override {
    return instants_->expected_count(end) * mean_of(size_);
  }

 private:
  class Walk final : public ArrivalWalk {
   public:
    Walk(std::unique_ptr<ArrivalWalk> instants, const BatchSize& size)
        : instants_(std::move(instants)), size_(size) {}

    double next(Random& random) override {
      if (left_ == 0) {
        now_ = instants_->next(random);
        left_ = sample(size_, random);
      }
      --left_;
      return now_;
    }

   private:
    std::unique_ptr<ArrivalWalk> instants_;
    const BatchSize& size_;
    double now_ = 0;
    std::uint64_t left_ = 0;
  };

  ArrivalSourcePointer instants_;
  BatchSize size_;
};

class Phased final : public ArrivalSource {
 public:
  explicit Phased(std::vector<Phase> phases) : phases_(std::move(phases)) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(phases_);
  }
  double mean_rate() const override { return phases_.back().source->mean_rate(); }
  double expected_count(double end) const override {
    double sum = 0;
    for (const Phase& phase : phases_) {
      if (end <= 0) break;
      sum += phase.source->expected_count(std::min(end, phase.length));
      end -= phase.length;
    }
    return sum;
  }

 private:
  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(const std::vector<Phase>& phases) : phases_(phases) {}

    double next(Random& random) override {
      for (; phase_ < phases_.size(); leave()) {
        if (!walk_) walk_ = phases_[phase_].source->start(random);
        const double at = walk_->next(random);
        if (at < phases_[phase_].length) return begin_ + at;
      }
      return infinity;
    }

   private:
    void leave() {
      begin_ += phases_[phase_].length;
      walk_.reset();
      ++phase_;
    }

    const std::vector<Phase>& phases_;
    std::size_t phase_ = 0;
    double begin_ = 0;  // of the phase
    std::unique_ptr<ArrivalWalk> walk_;
  };

  std::vector<Phase> phases_;
};

class Recorded final : public ArrivalSource {
 public:
  explicit Recorded(std::vector<double> times) : times_(std::move(times)) {}

  std::unique_ptr<ArrivalWalk> start(Random&) const override {
    return std::make_unique<Walk>(times_);
  }
  double mean_rate() const override {
    const double length = times_.back() - times_.front();
    return length > 0 ? static_cast<double>(times_.size() - 1) / length : 0;
  }
  double expected_count(double end) const override {
    const auto before = std::ranges::lower_bound(times_, end) - times_.begin();
    return static_cast<double>(before);
  }

 private:
  class Walk final : public ArrivalWalk {
   public:
    explicit Walk(const std::vector<double>& times) : times_(times) {}
    double next(Random&) override { return at_ < times_.size() ? times_[at_++] : infinity; }

   private:
    const std::vector<double>& times_;
    std::size_t at_ = 0;
  };

  std::vector<double> times_;
};

}  // namespace

ArrivalSourcePointer metronome(double rate) {
  return std::make_shared<Metronome>(rate);
}

ArrivalSourcePointer piecewise_poisson(std::vector<RatePiece> pieces) {
  return std::make_shared<PiecewisePoisson>(std::move(pieces));
}

ArrivalSourcePointer sine_poisson(SineRate rate) {
  return std::make_shared<SinePoisson>(rate);
}

ArrivalSourcePointer weibull_renewal(WeibullGaps gaps) {
  return std::make_shared<WeibullRenewal>(gaps);
}

ArrivalSourcePointer modulated_poisson(std::vector<ModulatedState> states) {
  return std::make_shared<ModulatedPoisson>(std::move(states));
}

ArrivalSourcePointer batched(ArrivalSourcePointer instants, BatchSize size) {
  return std::make_shared<Batched>(std::move(instants), size);
}

ArrivalSourcePointer phased(std::vector<Phase> phases) {
  return std::make_shared<Phased>(std::move(phases));
}

ArrivalSourcePointer recorded(std::vector<double> times) {
  return std::make_shared<Recorded>(std::move(times));
}

}  // namespace weir::sim
