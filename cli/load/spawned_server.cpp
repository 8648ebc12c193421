// The address is read from the server's log, as people would.
#include "cli/load/spawned_server.hpp"

#include "cli/exit_codes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::chrono::seconds start_timeout{30};
constexpr std::chrono::milliseconds poll_interval{5};
constexpr std::size_t log_end_lines = 12;
/// For what is prepared and verified, beside the connections of the run.
constexpr std::uint64_t further_connections = 256;

/// This process' own, less what would change a server or speak in its name.
std::vector<std::string> server_environment() {
  constexpr std::array others{
      "NOTIFY_SOCKET=", "LISTEN_FDS=", "LISTEN_PID=", "WATCHDOG_USEC=", "MENTAT_SYNC_"};
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable{*entry};
    const bool kept = std::none_of(others.begin(), others.end(), [&](const char* beginning) {
      return variable.starts_with(beginning);
    });
    if (kept) variables.emplace_back(variable);
  }
  return variables;
}

/// What the user asks for wins over what makes room for the run; what this needs cannot be asked
/// for (load_contradictions.cpp).
std::vector<std::string> server_arguments(const LoadOptions& options,
                                          const std::filesystem::path& data) {
  const auto connections = std::to_string(options.connections + further_connections);
  std::vector<std::string> arguments{"mentat-sync", "serve"};
  arguments.insert(arguments.end(), {"--drain-timeout", "2s", "--max-connections", connections,
                                     "--max-connections-per-address", connections});
  arguments.insert(arguments.end(), options.serve_arguments.begin(), options.serve_arguments.end());
  arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0", "--data", data.string(),
                                     "--log-format", "json", "--log-level", "info"});
  return arguments;
}

Result<std::filesystem::path> make_directory(const std::filesystem::path& wanted) {
  std::error_code error;
  const auto parent = wanted.empty() ? std::filesystem::temp_directory_path(error)
                                     : std::filesystem::absolute(wanted, error);
  std::string name = (parent / "mentat-sync-load-XXXXXX").string();
  if (!error && ::mkdtemp(name.data()) != nullptr) return std::filesystem::path{name};
  if (!error) error = {errno, std::generic_category()};
  return Status{ErrorCode::io, "cannot make a directory for the server in " + parent.string() +
                                   ": " + error.message()};
}

/// Of the log's line that says where it listens.
std::optional<ServerUrl> url_in(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || json.value("event", "") != "listening") return std::nullopt;
  auto url = ServerUrl::parse(json.value("scheme", "http") + "://" + json.value("address", ""));
  if (!url.ok()) return std::nullopt;
  return *std::move(url);
}

}  // namespace

Result<std::unique_ptr<SpawnedServer>> SpawnedServer::start(const LoadOptions& options,
                                                            const Interrupter& interrupter,
                                                            const std::filesystem::path& program) {
  auto directory = make_directory(options.spawn_directory);
  if (!directory) return directory.status();
  std::unique_ptr<SpawnedServer> server{new SpawnedServer{*std::move(directory)}};
  if (auto status = server->launch(options, program); !status.ok()) return status;
  if (auto status = server->await_listening(interrupter); !status.ok()) return status;
  return server;
}

SpawnedServer::~SpawnedServer() {
  if (keeper_.descriptor >= 0) ::close(keeper_.descriptor);
  if (keeper_.process > 0) {
    while (::waitpid(keeper_.process, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  // The keeper has done it, unless it was killed, or never was.
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Status SpawnedServer::launch(const LoadOptions& options, const std::filesystem::path& program) {
  const auto keeper = start_keeper({.program = program,
                                    .arguments = server_arguments(options, directory_ / "data"),
                                    .environment = server_environment(),
                                    .directory = directory_,
                                    .log = log(),
                                    .cpu = options.serve_cpu});
  if (!keeper) return keeper.status();
  keeper_ = *keeper;
  return {};
}

Status SpawnedServer::await_listening(const Interrupter& interrupter) {
  const auto deadline = std::chrono::steady_clock::now() + start_timeout;
  while (!read_address()) {
    if (!running()) return why_not_running();
    if (std::chrono::steady_clock::now() > deadline) {
      return {ErrorCode::unavailable, "the server that was started does not serve:\n" + log_end()};
    }
    if (interrupter.wait_for(poll_interval)) return {ErrorCode::unavailable, "interrupted"};
  }
  return {};
}

bool SpawnedServer::read_address() {
  std::ifstream stream{log()};
  // A line that is still being written has no end yet.
  for (std::string line; std::getline(stream, line) && !stream.eof();) {
    url_ = url_in(line);
    if (url_) return true;
  }
  return false;
}

bool SpawnedServer::ends_within(std::chrono::milliseconds time) const {
  pollfd told{keeper_.descriptor, POLLIN, 0};
  return ::poll(&told, 1, static_cast<int>(time.count())) > 0;
}

Status SpawnedServer::why_not_running() const {
  std::uint8_t code = 0;
  const bool told = ::recv(keeper_.descriptor, &code, sizeof code, MSG_PEEK | MSG_DONTWAIT) > 0;
  if (told && code == exit_codes::usage) {
    return {ErrorCode::invalid, "the server does not take its arguments:\n" + log_end()};
  }
  return {ErrorCode::unavailable, "the server that was started ended:\n" + log_end()};
}

std::string SpawnedServer::log_end() const {
  std::ifstream stream{log()};
  std::deque<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(std::move(line));
    if (lines.size() > log_end_lines) lines.pop_front();
  }
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "  " : "\n  ") + line;
  return text.empty() ? "  (it wrote nothing)" : text;
}

}  // namespace mentat_sync
