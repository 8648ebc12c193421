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
enum class Resource {
  none,
  root,
  lb_heartbeat,
  heartbeat,
  version,
  limits,
  metrics,
  user,
  head,
  events,
  log,
  missing,
  list,
  transaction,
  chunk
};

Resource resource_in_user(const PathSegments& path) {
  const std::string_view kind = path.text[2];
  if (path.count == 2) return Resource::user;
  if (path.count == 3) {
    if (kind.empty()) return Resource::user;
    if (kind == "head") return Resource::head;
    if (kind == "events") return Resource::events;
    if (kind == "log") return Resource::log;
    if (kind == "missing") return Resource::missing;
    if (kind == "transactions") return Resource::list;
  }
  if (path.count == 4 && !path.text[3].empty()) {
    if (kind == "transactions") return Resource::transaction;
    if (kind == "chunks") return Resource::chunk;
  }
  return Resource::none;
}

Resource operational_resource(std::string_view name) {
  if (name.empty()) return Resource::root;
  if (name == "__lbheartbeat__") return Resource::lb_heartbeat;
  if (name == "__heartbeat__") return Resource::heartbeat;
  if (name == "__version__") return Resource::version;
  if (name == "__limits__") return Resource::limits;
  if (name == "metrics") return Resource::metrics;
  return Resource::none;
}

Resource resource_at(const PathSegments& path) {
  if (path.count == 1) return operational_resource(path.text[0]);
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
    case Resource::log:
      return "GET, HEAD, POST";
    case Resource::missing:
      return "POST";
    default:
      return "GET, HEAD";
  }
}

std::optional<Action> read_action(Resource resource) {
  switch (resource) {
    case Resource::none:
    case Resource::missing:
      return std::nullopt;
    case Resource::root:
      return Action::root;
    case Resource::lb_heartbeat:
      return Action::lb_heartbeat;
    case Resource::heartbeat:
      return Action::heartbeat;
    case Resource::version:
      return Action::version;
    case Resource::limits:
      return Action::limits;
    case Resource::metrics:
      return Action::metrics;
    case Resource::user:
      return Action::summary;
    case Resource::head:
      return Action::get_head;
    case Resource::events:
      return Action::events;
    case Resource::log:
      return Action::pull;
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
  if (method == verb::post && resource == Resource::log) return Action::push;
  if (method == verb::post && resource == Resource::missing) return Action::missing;
  if (method == verb::delete_ && resource == Resource::user) return Action::delete_user;
  return std::nullopt;
}

MalformedTarget malformed(std::string detail) {
  return {std::move(detail)};
}

std::optional<MalformedTarget> read_ids(Resource resource, const PathSegments& path, Route& route) {
  if (is_operational(route.action)) return std::nullopt;
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

/// Digits only, from 1; what is beyond `max`, or any number's, is `max`.
std::optional<std::uint64_t> parse_count(std::string_view digits, std::uint64_t max) {
  std::uint64_t count = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    count = count > (max - std::min(digit, max)) / 10 ? max : count * 10 + digit;
  }
  if (count == 0) return std::nullopt;
  return count;
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

std::optional<MalformedTarget> read_count(const std::vector<QueryParameter>& parameters,
                                          std::string_view name, std::uint64_t max,
                                          std::uint64_t& target) {
  const auto value = value_of(parameters, name);
  if (value.problem || !value.text) return value.problem;
  const auto count = parse_count(*value.text, max);
  if (!count) return malformed("\"" + std::string{name} + "\" must be a decimal number from 1.");
  target = *count;
  return std::nullopt;
}

std::optional<MalformedTarget> read_from(const std::vector<QueryParameter>& parameters,
                                         TransactionId& target) {
  const auto value = value_of(parameters, "from");
  if (value.problem || !value.text) return value.problem;
  const auto id = TransactionId::parse(*value.text);
  if (!id) return malformed("\"from\" must be a uuid: 8-4-4-4-12 hexadecimal digits.");
  target = *id;
  return std::nullopt;
}

std::optional<MalformedTarget> read_with_chunks(const std::vector<QueryParameter>& parameters,
                                                bool& target) {
  const auto value = value_of(parameters, "chunks");
  if (value.problem || !value.text) return value.problem;
  target = *value.text == "true";
  if (target || *value.text == "false") return std::nullopt;
  return malformed("\"chunks\" must be \"true\" or \"false\".");
}

std::optional<MalformedTarget> read_list_query(const std::vector<QueryParameter>& parameters,
                                               Route& route) {
  std::uint64_t limit = bounds::page_transactions_default;
  if (auto problem = read_from(parameters, route.from)) return problem;
  if (auto problem = read_count(parameters, "limit", bounds::page_transactions_max, limit)) {
    return problem;
  }
  route.limit = static_cast<std::uint32_t>(limit);
  return std::nullopt;
}

std::optional<MalformedTarget> read_pull_query(const std::vector<QueryParameter>& parameters,
                                               Route& route) {
  constexpr auto no_bound = std::numeric_limits<std::uint64_t>::max();
  if (auto problem = read_from(parameters, route.from)) return problem;
  if (auto problem = read_count(parameters, "limit", no_bound, route.max_transactions)) {
    return problem;
  }
  if (auto problem = read_count(parameters, "max_bytes", no_bound, route.max_bytes)) {
    return problem;
  }
  return read_with_chunks(parameters, route.with_chunks);
}

std::optional<MalformedTarget> read_query(std::string_view query, Route& route) {
  const auto parameters = split_query(query);
  if (!parameters) return malformed("The query has a \"%\" without two hexadecimal digits.");
  if (route.action == Action::list) return read_list_query(*parameters, route);
  if (route.action == Action::pull) return read_pull_query(*parameters, route);
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
  std::string decoded;
  const auto path = split_path(parts->path, decoded);
  if (!path) return malformed("The path has a \"%\" without two hexadecimal digits.");
  const Resource resource = resource_at(*path);
  if (resource == Resource::none) return NoRoute{};
  const auto action = action_of(resource, method);
  if (!action) return MethodNotAllowed{allow_of(resource)};

  Route route;
  route.action = *action;
  if (auto problem = read_ids(resource, *path, route)) return std::move(*problem);
  if (resource == Resource::list || *action == Action::pull) {
    if (auto problem = read_query(parts->query, route)) return std::move(*problem);
  }
  return route;
}

}  // namespace mentat_sync
