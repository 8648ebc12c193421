// Numbers have one decimal: a tenth of a unit cannot be seen, and pages stay small.
#include "cli/load/svg_plot.hpp"

#include "cli/load/html_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

// Around the plot: marks and titles, and the legend at its right.
constexpr double width = 960;
constexpr double left = 84;
constexpr double right = 170;
constexpr double top = 12;
constexpr double bottom = 50;
constexpr double legend_line = 19;
/// Below it a gap between two bars would be all that is seen.
constexpr double wide_bar = 5;

std::string text_of(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string attribute(std::string_view name, double value) {
  return " " + std::string{name} + "=\"" + text_of(value) + "\"";
}

std::string line_of(std::string_view style, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string{style} + "\"" + attribute("x1", x1) + attribute("y1", y1) +
         attribute("x2", x2) + attribute("y2", y2) + "/>\n";
}

std::string label_of(std::string_view style, double x, double y, std::string_view text) {
  return "<text class=\"" + std::string{style} + "\"" + attribute("x", x) + attribute("y", y) +
         ">" + escaped_html(text) + "</text>\n";
}

}  // namespace

SvgPlot::SvgPlot(Titles titles, PlotAxis x, PlotAxis y, int height)
    : titles_(std::move(titles)), x_(std::move(x)), y_(std::move(y)), height_(height) {}

double SvgPlot::x_of(double value) const {
  return left + x_.place(value) * (width - left - right);
}

double SvgPlot::y_of(double value) const {
  return height_ - bottom - y_.place(value) * (height_ - top - bottom);
}

void SvgPlot::add(PlotLine line) {
  if (!line.points.empty()) lines_.push_back(std::move(line));
}

void SvgPlot::add_bars(const std::string& style, const std::vector<PlotBar>& bars) {
  bars_ += "<g class=\"" + style + "\">\n";
  for (const PlotBar& bar : bars) {
    const double from = x_of(bar.from);
    const double y = y_of(bar.y);
    const double wide = x_of(bar.to) - from;
    bars_ += "<rect" + attribute("x", from) + attribute("y", y) +
             attribute("width", wide > wide_bar ? wide - 0.6 : wide) +
             attribute("height", height_ - bottom - y) + "><title>" + escaped_html(bar.hint) +
             "</title></rect>\n";
  }
  bars_ += "</g>\n";
}

std::string SvgPlot::frame() const {
  const double end = width - right;
  const double floor = height_ - bottom;
  std::string svg;
  for (const auto& mark : y_.marks()) {
    const double y = floor - mark.place * (floor - top);
    svg += line_of(mark.label.empty() ? "grid minor" : "grid", left, y, end, y);
    if (!mark.label.empty()) svg += label_of("mark at-end", left - 8, y + 4, mark.label);
  }
  for (const auto& mark : x_.marks()) {
    const double x = left + mark.place * (end - left);
    svg += line_of("grid", x, top, x, floor + 5);
    svg += label_of("mark at-middle", x, floor + 19, mark.label);
  }
  svg += label_of("title at-middle", (left + end) / 2, height_ - 8, titles_.x);
  const double middle = (top + floor) / 2;
  return svg + "<text class=\"title at-middle\" transform=\"translate(14 " + text_of(middle) +
         ") rotate(-90)\">" + escaped_html(titles_.y) + "</text>\n";
}

std::string SvgPlot::drawn(const PlotLine& line) const {
  std::string path;
  std::string dots;
  for (const PlotPoint& point : line.points) {
    const auto x = text_of(x_of(point.x));
    const auto y = text_of(y_of(point.y));
    path += (path.empty() ? "M" : " L") + x + " " + y;
    dots += "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"2.5\"/>";
  }
  const bool few = line.points.size() == 1;
  return "<g class=\"line " + line.style + "\"><title>" + escaped_html(line.name) +
         "</title><path d=\"" + path + "\"/>" + (few ? dots : "") + "</g>\n";
}

/// In the order in which the lines were added.
std::string SvgPlot::legend() const {
  std::set<std::string> told;
  std::string svg;
  const double x = width - right + 16;
  double y = top + 10;
  for (const PlotLine& line : lines_) {
    if (!told.insert(line.name).second) continue;
    svg += "<g class=\"line " + line.style + "\"><path d=\"M" + text_of(x) + " " + text_of(y - 4) +
           " h24\"/></g>\n" + label_of("legend", x + 31, y, line.name);
    y += legend_line;
  }
  for (const auto& note : notes_) {
    svg += label_of("mark", x, y, note);
    y += legend_line;
  }
  return svg;
}

std::string SvgPlot::to_string() const {
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 960 " +
                    std::to_string(height_) + "\" aria-label=\"" + escaped_html(titles_.what) +
                    "\">\n" + frame() + bars_;
  for (const PlotLine& line : lines_) svg += drawn(line);
  return svg + legend() + "</svg>\n";
}

}  // namespace mentat_sync
