// Options, and one function for each command.
#include "cli/token_command.hpp"

#include "cli/auth_options.hpp"
#include "cli/exit_codes.hpp"
#include "cli/local_options.hpp"
#include "cli/token_store.hpp"
#include "cli/units.hpp"
#include "http/auth/timestamp.hpp"
#include "storage/bounds.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <iomanip>
#include <iostream>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using nlohmann::ordered_json;

int finish() {
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string user_text(const TokenRecord& record) {
  return record.user ? record.user->to_string() : "*";
}

// --- options ---

using Check = std::function<std::string(const std::string&)>;

CLI::Option* add_value(CLI::App& command, const std::string& flag, const std::string& type,
                       CLI::callback_t set, const Check& check, const std::string& description) {
  return command.add_option(flag, std::move(set), description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->check(CLI::Validator(check, ""))
      ->type_name(type);
}

std::string no_user(const std::string& text) {
  if (UserId::parse(text)) return {};
  return "'" + text + "' is no uuid (8-4-4-4-12 hexadecimal digits)";
}

/// "read,write".
std::optional<Scopes> parse_scopes(const std::string& text) {
  Scopes scopes;
  for (const auto& word : CLI::detail::split(text, ',')) {
    const auto scope = parse_scope(word);
    if (!scope) return std::nullopt;
    scopes.add(*scope);
  }
  return scopes.empty() ? std::nullopt : std::optional{scopes};
}

std::string no_scopes(const std::string& text) {
  return parse_scopes(text) ? "" : "'" + text + "' is no list out of read, write and admin";
}

std::string no_name(const std::string& text) {
  // The dump of what is not UTF-8 differs from it: it has replacement characters.
  using Json = nlohmann::json;
  const auto dumped = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  const bool is_utf8 = Json::parse(dumped).get<std::string>() == text;
  if (is_utf8 && is_token_name(text)) return {};
  return "is too long (100 bytes at most), not UTF-8, or has control characters";
}

std::string no_lifetime(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && *duration >= std::chrono::seconds{1}) return {};
  return "'" + text + "' is no duration of at least 1s, such as 12h or 90d, up to a year";
}

void add_grant_options(CLI::App& command, TokenOptions& options) {
  // Without an environment variable: whose log a token is good for is to be said each time.
  auto* user = add_value(
      command, "--user", "UUID",
      [&options](const CLI::results_t& results) {
        options.user = UserId::parse(results.front());
        return true;
      },
      no_user, "The user whose log it is good for");
  command.add_flag("--all-users", options.all_users, "It is good for all users' logs")
      ->excludes(user);
  add_value(
      command, "--scope", "SCOPES",
      [&options](const CLI::results_t& results) {
        options.scopes = parse_scopes(results.front()).value();
        return true;
      },
      no_scopes,
      "What it is good for, with commas between: read, write, admin (which is for /metrics)")
      ->default_str(to_string(options.scopes));
}

void add_add(CLI::App& token, TokenOptions& options) {
  auto* command =
      token.add_subcommand("add", "Make a token, and print it: it is kept nowhere else");
  add_token_file_option(*command, options.file, "The token file; made when it is not there")
      ->required();
  add_grant_options(*command, options);
  add_value(
      *command, "--name", "TEXT",
      [&options](const CLI::results_t& results) {
        options.name = results.front();
        return true;
      },
      no_name, "For you: which device, or whose");
  add_value(
      *command, "--expires", "DURATION",
      [&options](const CLI::results_t& results) {
        options.expires_after = parse_duration(results.front());
        return true;
      },
      no_lifetime, "How long it is good for, such as 90d")
      ->default_str("for ever");
  command->callback([&options] { options.action = TokenOptions::Action::add; });
}

void add_list(CLI::App& token, TokenOptions& options) {
  auto* command = token.add_subcommand("list", "Show which tokens there are");
  add_token_file_option(*command, options.file, "The token file")->required();
  command->add_flag("--json", options.json, "As one JSON array");
  command->callback([&options] { options.action = TokenOptions::Action::list; });
}

void add_revoke(CLI::App& token, TokenOptions& options) {
  auto* command = token.add_subcommand("revoke", "Take a token away");
  add_token_file_option(*command, options.file, "The token file")->required();
  command->add_option("id", options.id, "As shown by 'mentat-sync token list'; or the token itself")
      ->type_name("ID")
      ->required();
  command->callback([&options] { options.action = TokenOptions::Action::revoke; });
}

// --- commands ---

int add(const TokenOptions& options) {
  if (!options.user && !options.all_users && !(options.scopes == Scopes{Scope::admin})) {
    std::cerr << "mentat-sync: token add needs --user UUID, or --all-users\n";
    return exit_codes::usage;
  }
  TokenRecord record;
  record.name = options.name;
  record.created = now();
  record.user = options.user;
  record.scopes = options.scopes;
  if (options.expires_after) {
    record.expires = now() + std::chrono::floor<std::chrono::seconds>(*options.expires_after);
  }
  const auto token = make_token(record);
  if (!token.ok()) return tell_failure(token.status().message());
  const auto append = [&record](std::vector<TokenRecord>& records) -> Status {
    if (records.size() >= bounds::tokens_max) {
      return {ErrorCode::full, "the file has as many tokens as one can have"};
    }
    for (const auto& other : records) {
      if (other.id == record.id) return {ErrorCode::busy, "that id is taken: try again"};
    }
    records.push_back(record);
    return {};
  };
  const Status status = update_token_file(options.file, WhenMissing::make, append);
  if (!status.ok()) return tell_failure(status.message());
  std::cout << *token << '\n';
  std::cerr << "The token " << record.id << " is printed above, once; the file has its hash.\n";
  return finish();
}

std::string state_of(const TokenRecord& record) {
  if (!record.expires) return "never";
  return to_timestamp(*record.expires) + (now() >= *record.expires ? " (expired)" : "");
}

ordered_json to_json(const TokenRecord& record) {
  ordered_json json;
  json["id"] = record.id;
  json["name"] = record.name;
  json["user"] = user_text(record);
  json["scopes"] = ordered_json::array();
  for (const Scope scope : all_scopes) {
    if (record.scopes.has(scope)) json["scopes"].push_back(to_string(scope));
  }
  json["created"] = to_timestamp(record.created);
  json["expires"] = record.expires ? ordered_json(to_timestamp(*record.expires)) : ordered_json();
  json["expired"] = record.expires && now() >= *record.expires;
  return json;
}

void print_table(const std::vector<TokenRecord>& records) {
  const auto print = [](const std::string& id, const std::string& user, const std::string& scopes,
                        const std::string& created, const std::string& expires,
                        const std::string& name) {
    std::cout << std::left << std::setw(14) << id << std::setw(38) << user << std::setw(18)
              << scopes << std::setw(22) << created << std::setw(22) << expires << ' ' << name
              << '\n';
  };
  print("ID", "USER", "SCOPES", "CREATED", "EXPIRES", "NAME");
  for (const auto& record : records) {
    print(record.id, user_text(record), to_string(record.scopes), to_timestamp(record.created),
          state_of(record), record.name);
  }
}

int list(const TokenOptions& options) {
  const auto records = read_token_file(options.file);
  if (!records.ok()) return tell_failure(records.status().message());
  if (!options.json) {
    print_table(*records);
    return finish();
  }
  auto all = ordered_json::array();
  for (const auto& record : *records) all.push_back(to_json(record));
  std::cout << all.dump() << '\n';
  return finish();
}

/// Of what was given: an id, or a whole token, which has its id in it.
std::string id_of(const std::string& given) {
  return std::string{id_of_token(given).value_or(given)};
}

/// What is longer than an id may be a secret, a mistyped token's: it is not shown.
Status no_such_token(const std::string& id, const std::filesystem::path& file) {
  constexpr std::size_t id_chars = 12;
  const bool shown = id.size() <= id_chars;
  return {ErrorCode::invalid,
          "there is no " + (shown ? "token " + id : "such token") + " in " + file.string() +
              (shown ? "" : "; 'mentat-sync token list' shows the ids, of 12 digits each")};
}

int revoke(const TokenOptions& options) {
  const std::string id = id_of(options.id);
  const auto remove = [&](std::vector<TokenRecord>& records) -> Status {
    const auto removed =
        std::erase_if(records, [&id](const TokenRecord& record) { return record.id == id; });
    return removed > 0 ? Status{} : no_such_token(id, options.file);
  };
  const Status status = update_token_file(options.file, WhenMissing::fail, remove);
  if (!status.ok()) return tell_failure(status.message());
  std::cerr << "The token " << id
            << " is revoked; a server that reads this file refuses it about a second later.\n";
  return exit_codes::success;
}

}  // namespace

CLI::App* add_token(CLI::App& app, TokenOptions& options) {
  auto* command = app.add_subcommand(
      "token", "Make, show and revoke the tokens that 'serve --auth token' takes");
  command->require_subcommand(1);
  command->footer(
      "\nThe server reads the file again when it changes, or on SIGHUP: it need not be restarted.");
  add_add(*command, options);
  add_list(*command, options);
  add_revoke(*command, options);
  return command;
}

int run_token(const TokenOptions& options) {
  switch (options.action) {
    case TokenOptions::Action::add:
      return add(options);
    case TokenOptions::Action::list:
      return list(options);
    case TokenOptions::Action::revoke:
      return revoke(options);
  }
  return exit_codes::failure;
}

}  // namespace mentat_sync
