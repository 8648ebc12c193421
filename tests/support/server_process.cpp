// Starts the server and reads from its log where it listens.
#include "support/server_process.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <stdexcept>
#include <thread>

namespace mentat_sync {
namespace {

constexpr std::chrono::milliseconds poll_interval{5};

std::string field_of_line(std::string_view line, const std::string& event,
                          const std::string& field) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || json.value("event", "") != event) return {};
  return json.value(field, "");
}

}  // namespace

std::string logged_field(const std::string& log, const std::string& event,
                         const std::string& field) {
  std::size_t start = 0;
  for (auto end = log.find('\n'); end != std::string::npos; end = log.find('\n', start)) {
    auto value = field_of_line(std::string_view(log).substr(start, end - start), event, field);
    if (!value.empty()) return value;
    start = end + 1;
  }
  return {};
}

std::vector<std::string> program_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), MENTAT_SYNC_PROGRAM);
  return arguments;
}

ServerProcess::ServerProcess(ServerProcessOptions options) : options_(std::move(options)) {
  if (options_.data.empty()) options_.data = own_data_.path() / "data";
  start();
}

void ServerProcess::start() {
  std::vector<std::string> arguments{"serve", "--listen", options_.listen, "--data",
                                     options_.data.string()};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  process_.reset();
  process_ = std::make_unique<ChildProcess>(
      ChildProcess::Options{.command = program_command(std::move(arguments)),
                            .environment = options_.environment,
                            .working_directory = {}});
  await_listening();
}

void ServerProcess::await_listening() {
  const auto deadline = std::chrono::steady_clock::now() + options_.start_timeout;
  address_.clear();
  while (address_.empty()) {
    const bool running = process_->running();
    address_ = logged_field(process_->err(), "listening", "address");
    if (!address_.empty()) break;
    if (!running) throw std::runtime_error("the server ended: " + process_->err());
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the server does not start: " + process_->err());
    }
    std::this_thread::sleep_for(poll_interval);
  }
  port_ = static_cast<std::uint16_t>(std::stoul(address_.substr(address_.rfind(':') + 1)));
}

std::optional<ExitStatus> ServerProcess::terminate(std::chrono::milliseconds timeout) {
  process_->signal(SIGTERM);
  return process_->wait(timeout);
}

}  // namespace mentat_sync
