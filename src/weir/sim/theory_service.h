// The first three moments of a service time: all that the mean and the spread of a wait ask for.

#pragma once

#include <span>

namespace weir::sim::theory {

struct Moments {
  double first = 0;
  double second = 0;
  double third = 0;

  double scv() const { return second / (first * first) - 1; }

  static Moments constant(double value);
  static Moments exponential(double mean);
  static Moments uniform(double low, double high);
  static Moments erlang(double mean, int stages);
  static Moments hyperexponential(double mean, double scv);  // balanced means
  static Moments gamma(double mean, double cv);
  static Moments lognormal(double mean, double cv);
  static Moments weibull(double mean, double k);
  static Moments pareto(double alpha, double low, double high);  // bounded

  struct Part;
  static Moments mixed(std::span<const Part> parts);
};

struct Moments::Part {
  double share = 0;
  Moments moments{};
};

}  // namespace weir::sim::theory
