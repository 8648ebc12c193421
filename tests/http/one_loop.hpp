// OneLoop: connections over memory, on one loop that the test itself runs, step by step.
#pragma once

#include "http/connection.hpp"
#include "http/rounds.hpp"
#include "http/turns.hpp"
#include "memory_transport.hpp"
#include "scripted_application.hpp"
#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {

/// The target of an answer of so many bytes.
inline std::string big(std::size_t bytes) {
  return "/big/" + std::to_string(bytes);
}

/// What connections need, on this thread.
class OneLoop : public ::testing::Test {
 protected:
  OneLoop() {
    mailbox->settle_here();
    deadlines.write = std::chrono::seconds{10};
    deadlines.answer = std::chrono::hours{1};
  }
  ~OneLoop() override {
    for (const auto& connection : connections) connection->close();
    run();
    mailbox->close();
  }

  std::shared_ptr<MemoryStream> connect() {
    auto stream = std::make_shared<MemoryStream>(io);
    connections.push_back(
        std::make_shared<Connection>(make_memory_transport(stream), Peer{}, host));
    connections.back()->start();
    return stream;
  }
  static std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  void run() {
    io.restart();
    io.poll();
  }

  boost::asio::io_context io{1};
  ScriptedApplication application;
  Deadlines deadlines;
  Log log;
  BodyBudget bodies{bounds::bodies_bytes_default};
  BodyBudget answers{bounds::answers_bytes_default};
  Turns turns{io};
  Rounds rounds{io};
  DateClock clock;
  RequestIds request_ids;
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(io);
  bool closed = false;
  ConnectionHost host{application,
                      deadlines,
                      log,
                      bounds::header_bytes,
                      bodies,
                      answers,
                      turns,
                      rounds,
                      nullptr,
                      clock,
                      request_ids,
                      mailbox,
                      [this](const auto&) { closed = true; }};
  std::vector<std::shared_ptr<Connection>> connections;
};

}  // namespace mentat_sync
