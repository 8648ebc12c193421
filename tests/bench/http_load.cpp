// One thread, one io_context; answers are found by their header's end, since a 201 has no body.
#include "bench/http_load.hpp"

#include "storage/uuid.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

std::string random_uuid() {
  static std::mt19937_64 random{std::random_device{}()};
  Uuid uuid;
  for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random());
  return uuid.to_string();
}

struct Run {
  Clock::time_point end;
  std::vector<Milliseconds> latencies;
};

class Device {
 public:
  Device(asio::io_context& io, const PutLoad& load, Run& run, std::size_t number)
      : socket_(io),
        run_(run),
        users_(load.users),
        next_(number * users_.size() / load.connections),
        own_user_(random_uuid()),
        body_(load.chunk_bytes, 'x') {
    socket_.connect({asio::ip::address_v4::loopback(), load.port});
    socket_.set_option(tcp::no_delay{true});
  }

  void put() {
    request_ = "PUT /0.1/" + next_user() + "/chunks/" + random_uuid() +
               " HTTP/1.1\r\nHost: bench\r\nContent-Length: " + std::to_string(body_.size()) +
               "\r\n\r\n" + body_;
    begun_ = Clock::now();
    asio::async_write(socket_, asio::buffer(request_), [this](auto error, std::size_t) {
      check(error);
      answer_.clear();
      read();
    });
  }

 private:
  const std::string& next_user() {
    return users_.empty() ? own_user_ : users_[next_++ % users_.size()];
  }

  static void check(const boost::system::error_code& error) {
    if (error) throw std::runtime_error{"a connection was lost: " + error.message()};
  }

  void read() {
    socket_.async_read_some(asio::buffer(input_), [this](auto error, std::size_t bytes) {
      check(error);
      answer_.append(input_.data(), bytes);
      if (!answer_.ends_with("\r\n\r\n")) return read();
      if (!answer_.starts_with("HTTP/1.1 201 ")) throw std::runtime_error{"refused: " + answer_};
      const auto now = Clock::now();
      run_.latencies.push_back(now - begun_);
      if (now < run_.end) put();
    });
  }

  tcp::socket socket_;
  Run& run_;
  const std::vector<std::string>& users_;
  std::size_t next_;
  const std::string own_user_;
  const std::string body_;
  std::string request_;
  std::string answer_;
  std::array<char, 1024> input_;
  Clock::time_point begun_;
};

}  // namespace

PutFigures put_chunks(const PutLoad& load) {
  asio::io_context io{1};
  Run run;
  std::vector<std::unique_ptr<Device>> devices;
  for (std::size_t i = 0; i < load.connections; ++i) {
    devices.push_back(std::make_unique<Device>(io, load, run, i));
  }
  const auto start = Clock::now();
  run.end = start + std::chrono::duration_cast<Clock::duration>(load.time);
  for (auto& device : devices) device->put();
  io.run();
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  std::ranges::sort(run.latencies);
  PutFigures figures;
  figures.acknowledged_a_second = static_cast<double>(run.latencies.size()) / elapsed.count();
  figures.p50 = run.latencies[run.latencies.size() / 2];
  figures.p99 = run.latencies[run.latencies.size() * 99 / 100];
  return figures;
}

}  // namespace mentat_sync
