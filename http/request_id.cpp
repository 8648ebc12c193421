// See request_id.hpp.
#include "http/request_id.hpp"

#include "http/field_list.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace mentat_sync {
namespace {

/// 36^6: as many as six digits can tell apart.
constexpr std::uint64_t ids_of_one_prefix = 2'176'782'336;

thread_local std::string_view current_id;

bool is_fit(std::string_view id) {
  constexpr auto fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"._-:/+=@"}.find(c) != std::string_view::npos;
  };
  return !id.empty() && id.size() <= bounds::request_id_chars && std::ranges::all_of(id, fit);
}

void append_number(std::string& text, std::uint64_t number, int base) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  text.append(digits.data(), end);
}

}  // namespace

RequestIds::RequestIds() {
  begin_anew();
}

void RequestIds::begin_anew() {
  std::string digits;
  append_number(digits, std::random_device{}(), 16);
  prefix_.assign(8 - digits.size(), '0').append(digits).append("-");
  count_ = 0;
}

std::string RequestIds::next() {
  if (count_ == ids_of_one_prefix) begin_anew();
  std::string id = prefix_;
  append_number(id, count_++, 36);
  return id;
}

std::string request_id_of(const RequestHeader& header, RequestIds& ids) {
  const auto [lines, given] = lines_of(header, "X-Request-Id");
  // Of two, a proxy may have logged the other one.
  return lines == 1 && is_fit(given) ? std::string{given} : ids.next();
}

RequestScope::RequestScope(std::string_view id) : before_(current_id) {
  current_id = id;
}

RequestScope::~RequestScope() {
  current_id = before_;
}

std::string_view current_request_id() {
  return current_id;
}

}  // namespace mentat_sync
