// RawClient: a blocking client that sends exactly the bytes a test gives it, and reads answers.
//
// Every wait is bounded by the receive timeout, so that a server that says nothing fails a test
// instead of hanging it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mentat_sync {

struct RawAnswer {
  /// 0 when the connection ended, or was silent, before a whole header.
  unsigned status = 0;
  /// Names in lower case.
  std::map<std::string, std::string> headers;
  /// With Transfer-Encoding: chunked, what the chunks had.
  std::string body;
  /// Whether all of the body came: its length, or its last chunk.
  bool complete = false;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const char* address = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the peer has closed or does not take it within the timeout.
  bool send(std::string_view bytes);
  /// Tells the server that nothing more will be sent.
  void finish_sending();

  /// `head`: the answer to a HEAD request.
  RawAnswer read_answer(bool head = false);
  /// Whether `text` arrives, in what has not been read yet.
  bool awaits(std::string_view text);
  /// Everything until the server closes.
  std::string read_to_end();
  /// Whether the server has closed and everything was read; waits for it.
  bool closed_by_server();

 private:
  bool receive();
  void read_chunks(RawAnswer& answer);

  int descriptor_ = -1;
  bool ended_ = false;
  bool reset_ = false;
  std::string received_;
};

}  // namespace mentat_sync
