// PlotAxis: where values stand along one axis of a plot, and the marks beside it.
//
// Thread-safety: values. Failures: none; what lies outside is put at the axis' end.
// Units: those of the values; places are from 0 (the axis' beginning) to 1.
#pragma once

#include <string>
#include <vector>

namespace mentat_sync {

class PlotAxis {
 public:
  struct Mark {
    double place;
    std::string label;
  };

  /// From 0 to at least `max`, with marks at round numbers.
  static PlotAxis linear(double max);
  /// From 0 to exactly `max`, as of time.
  static PlotAxis linear_until(double max);
  /// Nanoseconds, in whole decades around `min` and `max`.
  static PlotAxis logarithmic_time(double min_ns, double max_ns);
  /// Quantiles from 0 up to the last of which `count` values say something: 0.9, 0.99, 0.999…
  /// stand at equal distances, as in HdrHistogram's plots.
  static PlotAxis quantiles(double count);

  double place(double value) const;
  const std::vector<Mark>& marks() const { return marks_; }

 private:
  enum class Kind { linear, logarithmic, quantile };

  PlotAxis(Kind kind, double from, double to) : kind_(kind), from_(from), to_(to) {}
  void mark(double value, std::string label);

  Kind kind_;
  /// Of a logarithmic axis: of the logarithms; of quantiles: in nines.
  double from_;
  double to_;
  std::vector<Mark> marks_;
};

}  // namespace mentat_sync
