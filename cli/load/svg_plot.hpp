// SvgPlot: one plot as inline SVG: axes with titles and marks, lines, bars, and a legend beside it.
// Colours are classes of the page's style sheet, so that it is readable on light and on dark.
//
// Thread-safety: a value. Lifetime: copies what it is given. Failures: none.
// Units: those of the axes; the drawing is as wide as its page.
// Source: SVG 1.1.
#pragma once

#include "cli/load/plot_axis.hpp"

#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

struct PlotPoint {
  double x;
  double y;
};

struct PlotLine {
  std::string name;
  /// Of the style sheet: "blue", "blue dashed".
  std::string style;
  /// A gap is another line of the same name and style; the legend has it once.
  std::vector<PlotPoint> points;
};

/// From `from` to `to` on the x axis, from 0 up to `y`.
struct PlotBar {
  double from;
  double to;
  double y;
  /// Shown when it is pointed at.
  std::string hint;
};

class SvgPlot {
 public:
  struct Titles {
    /// What it shows, for those who cannot see it.
    std::string what;
    std::string x;
    std::string y;
  };

  /// `height`: in units of which the width has 960.
  SvgPlot(Titles titles, PlotAxis x, PlotAxis y, int height);

  void add(PlotLine line);
  /// A line of text below the legend.
  void add_note(std::string note) { notes_.push_back(std::move(note)); }
  void add_bars(const std::string& style, const std::vector<PlotBar>& bars);
  std::string to_string() const;

 private:
  double x_of(double value) const;
  double y_of(double value) const;
  std::string frame() const;
  std::string drawn(const PlotLine& line) const;
  std::string legend() const;

  Titles titles_;
  PlotAxis x_;
  PlotAxis y_;
  int height_;
  std::string bars_;
  std::vector<PlotLine> lines_;
  std::vector<std::string> notes_;
};

}  // namespace mentat_sync
