#include "weir/sim/theory_modulated.h"

#include <algorithm>
#include <cmath>

namespace weir::sim::theory {
namespace {

struct Pair {
  double first = 0;
  double second = 0;

  double sum() const { return first + second; }
};

struct Matrix {
  double aa = 0, ab = 0, ba = 0, bb = 0;

  Matrix operator+(const Matrix& m) const { return {aa + m.aa, ab + m.ab, ba + m.ba, bb + m.bb}; }
  Matrix operator-(const Matrix& m) const { return {aa - m.aa, ab - m.ab, ba - m.ba, bb - m.bb}; }
  Matrix operator*(const Matrix& m) const {
    return {aa * m.aa + ab * m.ba, aa * m.ab + ab * m.bb, ba * m.aa + bb * m.ba,
            ba * m.ab + bb * m.bb};
  }
  Matrix inverse() const {
    const double determinant = aa * bb - ab * ba;
    return {bb / determinant, -ab / determinant, -ba / determinant, aa / determinant};
  }
  double norm() const { return std::abs(aa) + std::abs(ab) + std::abs(ba) + std::abs(bb); }
};

Pair operator*(const Pair& row, const Matrix& m) {
  return {row.first * m.aa + row.second * m.ba, row.first * m.ab + row.second * m.bb};
}

constexpr Matrix identity{1, 0, 0, 1};

Matrix diagonal(double a, double b) {
  return {a, 0, 0, b};
}

}  // namespace

ModulatedQueue::ModulatedQueue(const ModulatedPhase& first, const ModulatedPhase& second) {
  const Matrix up = diagonal(first.arrivals, second.arrivals);
  const Matrix down = diagonal(first.service, second.service);
  const Matrix phases{-first.leave, first.leave, second.leave, -second.leave};
  const Matrix idle = phases - up;
  const Matrix local = idle - down;
  // The ratio solves up + R local + R² down = 0; this way of iterating grows towards it.
  Matrix ratio;
  for (double change = 1; change > 1e-15;) {
    const Matrix next = up * (Matrix() - local - ratio * down).inverse();
    change = (next - ratio).norm();
    ratio = next;
  }
  // Of an empty system: p (idle + R down) = 0, whose columns say the same.
  const Matrix balance = idle + ratio * down;
  Pair empty{balance.ba, -balance.aa};
  if (std::abs(balance.aa) + std::abs(balance.ba) < 1e-300) empty = {balance.bb, -balance.ab};
  const Matrix series = (identity - ratio).inverse();
  const double total = (empty * series).sum();
  mean_ = (empty * ratio * series * series).sum() / total;
  rate_ = (first.arrivals * second.leave + second.arrivals * first.leave) /
          (first.leave + second.leave);
}

ModulatedQueue failing_worker(double arrivals, double fail, double repair) {
  return ModulatedQueue({.arrivals = arrivals, .service = 1, .leave = fail},
                        {.arrivals = arrivals, .service = 0, .leave = repair});
}

}  // namespace weir::sim::theory
