// nlohmann's parser keeps the last of two equal names: its callback sees both.
#include "http/auth/strict_json.hpp"

#include "storage/bounds.hpp"

#include <cstddef>
#include <set>
#include <vector>

namespace mentat_sync {
namespace {

using nlohmann::json;

/// Sees the names of each object that is open.
class Watch {
 public:
  bool operator()(int depth, json::parse_event_t event, json& value) {
    if (depth > static_cast<int>(bounds::json_depth)) is_fine_ = false;
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event == json::parse_event_t::key) {
      is_fine_ = names_.back().insert(value.get<std::string>()).second && is_fine_;
    }
    return true;
  }

  bool is_fine() const { return is_fine_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool is_fine_ = true;
};

}  // namespace

std::optional<json> parse_strict_object(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) return std::nullopt;  // which the parser would pass over
  Watch watch;
  const auto see = [&watch](int depth, json::parse_event_t event, json& value) {
    return watch(depth, event, value);
  };
  json parsed = json::parse(text.begin(), text.end(), see, false);
  if (!parsed.is_object() || !watch.is_fine()) return std::nullopt;
  return parsed;
}

std::optional<std::string> string_member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

}  // namespace mentat_sync
