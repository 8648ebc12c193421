// Checks values while CLI11 parses, so that a mistake is told with the option's name.
#include "cli/remote_options.hpp"

#include "cli/units.hpp"
#include "cli/value_checks.hpp"
#include "storage/bounds.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <utility>

namespace mentat_sync {
namespace {

template <class Parse>
CLI::Option* add_checked(CLI::App& command, const std::string& flag, CLI::callback_t set,
                         Parse why_not, const std::string& description) {
  return command.add_option(flag, std::move(set), description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->check(CLI::Validator(why_not, ""));
}

std::string no_uuid(const std::string& text) {
  return "'" + text + "' is no uuid (8-4-4-4-12 hexadecimal digits)";
}

/// What may follow "Bearer" in a header.
std::string fault_of_token(const std::string& token) {
  const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
  const bool fits = !token.empty() && token.size() <= bounds::header_bytes / 2 &&
                    std::all_of(token.begin(), token.end(), printable);
  return fits ? "" : "holds no token: one line of printable ASCII without blanks";
}

/// Its first line.
std::string token_in(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
  return line;
}

CLI::Option* add_path(CLI::App& command, const std::string& flag, const std::string& variable,
                      std::filesystem::path& target, const std::string& description) {
  return command.add_option(flag, target, description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->type_name("FILE")
      ->envname(variable);
}

}  // namespace

void add_access_options(CLI::App& command, RemoteAccess& access) {
  const auto take = [&access](const CLI::results_t& results) {
    access.token = results.front();
    return true;
  };
  const auto take_file = [&access](const CLI::results_t& results) {
    access.token_of_file = token_in(results.front());
    return true;
  };
  const auto check_file = [](const std::string& file) {
    const std::string fault = fault_of_token(token_in(file));
    return fault.empty() ? fault : "'" + file + "' cannot be read or " + fault;
  };
  add_checked(command, "--token", take, fault_of_token,
              "The token that the server knows you by; other users of this machine can see it "
              "here, but not in the environment or in --token-file")
      ->type_name("TOKEN")
      ->envname("MENTAT_SYNC_TOKEN");
  add_checked(command, "--token-file", take_file, check_file,
              "A file whose first line is the token")
      ->type_name("FILE");
  add_path(command, "--ca-file", "MENTAT_SYNC_CA_FILE", access.ca_file,
           "Trust servers with certificates of these authorities, as PEM, and not the system's");
  auto* certificate =
      add_path(command, "--client-certificate", "MENTAT_SYNC_CLIENT_CERTIFICATE",
               access.certificate_file, "Your certificate, as PEM, for a server that asks for it");
  auto* key = add_path(command, "--client-key", "MENTAT_SYNC_CLIENT_KEY", access.key_file,
                       "Your certificate's key, as PEM");
  certificate->needs(key);
  key->needs(certificate);
}

void add_server_option(CLI::App& command, ServerUrl& server) {
  add_checked(
      command, "--server",
      [&server](const CLI::results_t& results) {
        server = ServerUrl::parse(results.front()).value();
        return true;
      },
      [](const std::string& text) {
        const auto url = ServerUrl::parse(text);
        return url.ok() ? std::string{} : url.status().message();
      },
      "The server")
      ->type_name("URL")
      ->envname("MENTAT_SYNC_SERVER")
      ->default_str(server.to_string());
}

void add_remote_options(CLI::App& command, RemoteOptions& options) {
  command.option_defaults()->group("Which log");
  add_server_option(command, options.server);
  add_checked(
      command, "--user",
      [&options](const CLI::results_t& results) {
        options.user = *UserId::parse(results.front());
        return true;
      },
      [](const std::string& text) { return UserId::parse(text) ? std::string{} : no_uuid(text); },
      "The user whose log it is")
      ->type_name("UUID")
      ->envname("MENTAT_SYNC_USER")
      ->required();
  command.option_defaults()->group("Access");
  add_access_options(command, options.access);
  command.option_defaults()->group("Options");
}

void add_transaction_option(CLI::App& command, const std::string& flag,
                            std::optional<TransactionId>& target, const std::string& description) {
  add_checked(
      command, flag,
      [&target](const CLI::results_t& results) {
        target = TransactionId::parse(results.front());
        return target.has_value();
      },
      [](const std::string& text) {
        return TransactionId::parse(text) ? std::string{} : no_uuid(text);
      },
      description)
      ->type_name("UUID");
}

void add_number_option(CLI::App& command, const std::string& flag,
                       std::function<void(std::uint64_t)> set, std::uint64_t min, std::uint64_t max,
                       const std::string& by_default, const std::string& description) {
  const auto take = [set = std::move(set)](const CLI::results_t& results) {
    set(parse_count(results.front()).value());
    return true;
  };
  command.add_option(flag, take, description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->check(is_count(min, max))
      ->type_name("COUNT")
      ->default_str(by_default);
}

void add_push_bytes_option(CLI::App& command, std::uint64_t& target) {
  const auto take = [&target](const CLI::results_t& results) {
    target = parse_count(results.front()).value();
    return true;
  };
  command
      .add_option(
          "--push-bytes", take,
          "How much to send in one request, at most; less when the server takes less, and a "
          "larger chunk goes alone")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->transform(to_bytes(bounds::KiB, bounds::push_bytes_max))
      ->type_name("SIZE")
      ->default_str(to_human_size(target));
}

}  // namespace mentat_sync
