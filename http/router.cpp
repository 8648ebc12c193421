// The paths of the API, the methods each allows, and what their parts must look like.
#include "http/router.hpp"

#include "http/target.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

using boost::beast::http::verb;

/// The shapes a path can have.
enum class Resource { none, root, heartbeat, user, head, list, transaction, chunk };

Resource resource_in_user(const PathSegments& path) {
  const std::string& kind = path.text[2];
  if (path.count == 2) return Resource::user;
  if (path.count == 3) {
    if (kind.empty()) return Resource::user;
    if (kind == "head") return Resource::head;
    if (kind == "transactions") return Resource::list;
  }
  if (path.count == 4 && !path.text[3].empty()) {
    if (kind == "transactions") return Resource::transaction;
    if (kind == "chunks") return Resource::chunk;
  }
  return Resource::none;
}

Resource resource_at(const PathSegments& path) {
  if (path.count == 1) {
    if (path.text[0].empty()) return Resource::root;
    return path.text[0] == "__lbheartbeat__" ? Resource::heartbeat : Resource::none;
  }
  if (path.text[0] != "0.1" || path.text[1].empty()) return Resource::none;
  return resource_in_user(path);
}

std::string_view allow_of(Resource resource) {
  switch (resource) {
    case Resource::user:
      return "GET, HEAD, DELETE";
    case Resource::head:
    case Resource::transaction:
    case Resource::chunk:
      return "GET, HEAD, PUT";
    default:
      return "GET, HEAD";
  }
}

std::optional<Action> read_action(Resource resource) {
  switch (resource) {
    case Resource::none:
      return std::nullopt;
    case Resource::root:
      return Action::root;
    case Resource::heartbeat:
      return Action::heartbeat;
    case Resource::user:
      return Action::summary;
    case Resource::head:
      return Action::get_head;
    case Resource::list:
      return Action::list;
    case Resource::transaction:
      return Action::get_transaction;
    case Resource::chunk:
      return Action::get_chunk;
  }
  return std::nullopt;
}

std::optional<Action> put_action(Resource resource) {
  switch (resource) {
    case Resource::head:
      return Action::put_head;
    case Resource::transaction:
      return Action::put_transaction;
    case Resource::chunk:
      return Action::put_chunk;
    default:
      return std::nullopt;
  }
}

std::optional<Action> action_of(Resource resource, verb method) {
  if (method == verb::get || method == verb::head) return read_action(resource);
  if (method == verb::put) return put_action(resource);
  if (method == verb::delete_ && resource == Resource::user) return Action::delete_user;
  return std::nullopt;
}

MalformedTarget malformed(std::string detail) {
  return {std::move(detail)};
}

std::optional<MalformedTarget> read_ids(Resource resource, const PathSegments& path, Route& route) {
  if (resource == Resource::root || resource == Resource::heartbeat) return std::nullopt;
  const auto user = UserId::parse(path.text[1]);
  if (!user) return malformed("The user's id must be a uuid: 8-4-4-4-12 hexadecimal digits.");
  route.user = *user;
  if (resource == Resource::transaction) {
    const auto transaction = TransactionId::parse(path.text[3]);
    if (!transaction) {
      return malformed("The transaction's id must be a uuid: 8-4-4-4-12 hexadecimal digits.");
    }
    route.transaction = *transaction;
  }
  if (resource == Resource::chunk) {
    const auto chunk = ChunkId::parse(path.text[3]);
    if (!chunk) {
      return malformed("The chunk's id must be 1 to 64 characters of a-z, 0-9 and \"-\".");
    }
    route.chunk = *chunk;
  }
  return std::nullopt;
}

/// Digits only; what is beyond the page's bound, or any number's, is that bound.
std::optional<std::uint32_t> parse_limit(std::string_view digits) {
  std::uint32_t limit = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    limit = std::min(limit * 10 + static_cast<std::uint32_t>(digit - '0'),
                     bounds::page_transactions_max);
  }
  if (limit == 0) return std::nullopt;
  return limit;
}

/// The value of the one parameter of this name: nothing when there is none.
struct QueryValue {
  std::optional<std::string> text;
  std::optional<MalformedTarget> problem;
};
QueryValue value_of(const std::vector<QueryParameter>& parameters, std::string_view name) {
  const auto is_it = [&](const QueryParameter& parameter) { return parameter.name == name; };
  const auto found = std::ranges::find_if(parameters, is_it);
  if (found == parameters.end()) return {};
  if (std::ranges::count_if(parameters, is_it) > 1) {
    return {{}, malformed("The parameter \"" + std::string{name} + "\" occurs more than once.")};
  }
  auto text = form_decode(found->raw_value);
  if (!text) {
    return {{}, malformed("The parameter \"" + std::string{name} + "\" has a malformed escape.")};
  }
  return {std::move(text), {}};
}

std::optional<MalformedTarget> read_query(std::string_view query, Route& route) {
  route.limit = bounds::page_transactions_default;
  if (query.empty()) return std::nullopt;
  const auto parameters = split_query(query);
  if (!parameters) return malformed("The query has a \"%\" without two hexadecimal digits.");
  auto from = value_of(*parameters, "from");
  auto limit = value_of(*parameters, "limit");
  if (from.problem) return from.problem;
  if (limit.problem) return limit.problem;
  if (from.text) {
    const auto id = TransactionId::parse(*from.text);
    if (!id) return malformed("\"from\" must be a uuid: 8-4-4-4-12 hexadecimal digits.");
    route.from = *id;
  }
  if (limit.text) {
    const auto parsed = parse_limit(*limit.text);
    if (!parsed) return malformed("\"limit\" must be a decimal number from 1.");
    route.limit = *parsed;
  }
  return std::nullopt;
}

}  // namespace

Routing route(verb method, std::string_view target) {
  const auto parts = split_target(target);
  if (!parts) {
    return malformed(
        "The request target must be a path from \"/\", or an http or https URI, "
        "without a fragment.");
  }
  const auto path = split_path(parts->path);
  if (!path) return malformed("The path has a \"%\" without two hexadecimal digits.");
  const Resource resource = resource_at(*path);
  if (resource == Resource::none) return NoRoute{};
  const auto action = action_of(resource, method);
  if (!action) return MethodNotAllowed{allow_of(resource)};

  Route route;
  route.action = *action;
  if (auto problem = read_ids(resource, *path, route)) return std::move(*problem);
  if (resource == Resource::list) {
    if (auto problem = read_query(parts->query, route)) return std::move(*problem);
  }
  return route;
}

}  // namespace mentat_sync
