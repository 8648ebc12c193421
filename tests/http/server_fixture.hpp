// ServerFixture: a server on a free port before a ScriptedApplication, for tests over real sockets.
#pragma once

#include "http/server.hpp"
#include "raw_client.hpp"
#include "scripted_application.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace mentat_sync {

class ServerFixture : public ::testing::Test {
 protected:
  /// The default is one thread, so that what happens on one loop is tested on one loop.
  void start(std::function<void(ServerOptions&)> change = {}) {
    ServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.deadlines.sweep = std::chrono::milliseconds{20};
    if (change) change(options);
    auto started = Server::start(std::move(options), application);
    if (!started) throw std::runtime_error(started.status().message());
    server = std::move(started).value();
  }

  /// Started with the defaults if it is not running yet.
  std::uint16_t port() {
    if (!server) start();
    return server->port();
  }

  /// Waits until `condition` holds; bounded.
  static bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
  }

  static std::string get(const std::string& target, const std::string& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
  }

  static std::string put(const std::string& target, const std::string& body) {
    return "PUT " + target +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

  static std::string put_chunked(const std::string& target, const std::string& chunks) {
    return "PUT " + target + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
  }

  ScriptedApplication application;
  std::unique_ptr<Server> server;
};

}  // namespace mentat_sync
