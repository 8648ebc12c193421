// A stack of open elements.
#include "load/well_formed.hpp"

#include <algorithm>
#include <regex>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

/// A tag: "/", a name, its attributes, "/".
const std::regex& tag_pattern() {
  static const std::regex pattern{
      R"re((/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z:-][A-Za-z0-9:-]*="[^"<]*")*)\s*(/?))re"};
  return pattern;
}

/// Only what XML knows by itself.
std::string fault_of_text(const std::string& text) {
  static const std::regex reference{"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+);)"};
  if (std::regex_search(text, reference)) return "an unknown reference in: " + text;
  return text.find('>') == text.npos ? "" : "a '>' in: " + text;
}

class Elements {
 public:
  std::string on_tag(const std::string& tag) {
    std::smatch parts;
    if (!std::regex_match(tag, parts, tag_pattern())) return "no tag: " + tag;
    const std::string name = parts[2];
    if (parts[1].length() == 0) {
      if (open_.empty() && closed_root_) return "a second root: " + name;
      closed_root_ = true;
      if (parts[4].length() == 0) open_.push_back(name);
      return fault_of_text(parts[3]);
    }
    if (open_.empty() || open_.back() != name) return "not open: " + name;
    open_.pop_back();
    return {};
  }

  std::string at_end() const { return open_.empty() ? "" : "still open: " + open_.back(); }

 private:
  std::vector<std::string> open_;
  bool closed_root_ = false;
};

}  // namespace

std::string fault_of_xml(const std::string& text) {
  constexpr std::string_view doctype = "<!DOCTYPE html>";
  std::size_t place = text.starts_with(doctype) ? doctype.size() : 0;
  Elements elements;
  while (place < text.size()) {
    const auto start = std::min(text.find('<', place), text.size());
    if (auto fault = fault_of_text(text.substr(place, start - place)); !fault.empty()) return fault;
    if (start == text.size()) break;
    const auto end = text.find('>', start);
    if (end == text.npos) return "a tag without an end";
    auto fault = elements.on_tag(text.substr(start + 1, end - start - 1));
    if (!fault.empty()) return fault + " at " + std::to_string(start);
    place = end + 1;
  }
  return elements.at_end();
}

}  // namespace mentat_sync
