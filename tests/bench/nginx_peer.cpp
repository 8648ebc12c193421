// Writes a configuration and runs nginx in the foreground.
#include "bench/nginx_peer.hpp"

#include "bench/free_port.hpp"
#include "test_certificates.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

constexpr const char* program = "/usr/sbin/nginx";

std::string configuration(const std::string& directory, std::uint16_t port,
                          std::uint16_t tls_port) {
  const auto own = [&](const char* name) { return directory + "/" + name; };
  return "daemon off;\nworker_processes 1;\nuser root;\npid " + own("pid") + ";\nerror_log " +
         own("error.log") +
         " crit;\n"
         "events { worker_connections 4096; }\n"
         "http {\n"
         "  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  etag on;\n"
         "  default_type application/octet-stream;\n"
         "  keepalive_requests 1000000000;\n  keepalive_timeout 600;\n"
         "  client_body_temp_path " +
         own("t1") + ";\n  proxy_temp_path " + own("t2") + ";\n  fastcgi_temp_path " + own("t3") +
         ";\n  uwsgi_temp_path " + own("t4") + ";\n  scgi_temp_path " + own("t5") +
         ";\n"
         "  server {\n    listen 127.0.0.1:" +
         std::to_string(port) + ";\n    listen 127.0.0.1:" + std::to_string(tls_port) +
         " ssl;\n    ssl_protocols TLSv1.3;\n    ssl_certificate " + own("server.pem") +
         ";\n    ssl_certificate_key " + own("server.key") + ";\n    root " + own("files") +
         ";\n    location = /constant { return 200 \"" + std::string(100, 'x') + "\"; }\n  }\n}\n";
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  if (!file.flush()) throw std::runtime_error{"cannot write " + path.string()};
}

}  // namespace

bool NginxPeer::available() {
  return std::filesystem::exists(program);
}

NginxPeer::NginxPeer() : port_(free_port()), tls_port_(free_port()) {
  write_files();
  const auto configuration_file = directory_.path() / "nginx.conf";
  write(configuration_file, configuration(directory_.path().string(), port_, tls_port_));
  ChildProcess::Options options;
  options.command = {program, "-p", directory_.path().string(), "-c", configuration_file.string()};
  process_ = std::make_unique<ChildProcess>(options);
  for (int i = 0; i < 100 && process_->running(); ++i) {
    if (listens(tls_port_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error{"nginx does not listen: " + process_->err()};
}

NginxPeer::~NginxPeer() {
  process_->signal(SIGTERM);
  process_->wait(std::chrono::seconds{10});
}

void NginxPeer::write_files() const {
  const auto files = directory_.path() / "files";
  std::filesystem::create_directory(files);
  write(files / "100", std::string(100, 'x'));
  write(files / "65536", std::string(65'536, 'x'));
  const TestIdentity identity = TestAuthority{}.issue();
  write(directory_.path() / "server.pem", identity.certificate);
  write(directory_.path() / "server.key", identity.key);
}

}  // namespace mentat_sync
