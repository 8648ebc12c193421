// Any bytes as what a client sends over one connection, to the handlers as they are: the session
// ends, each answer is HTTP, and the answers are the same however the bytes arrive. The first byte
// says how they arrive.
#include "fuzz/fixed_store.hpp"
#include "fuzz/fuzz.hpp"
#include "http/connection.hpp"
#include "http/handlers.hpp"
#include "http/memory_transport.hpp"

#include <cctype>
#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

class Session {
 public:
  Session() : mailbox_(std::make_shared<Mailbox>(io_)) { mailbox_->settle_here(); }
  ~Session() { mailbox_->close(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// What the server says to `input`, which arrives in pieces of `step` bytes.
  std::string answers(std::string_view input, std::size_t step) {
    bool closed = false;
    ConnectionHost host{handlers_,
                        deadlines_,
                        log_,
                        bounds::header_bytes,
                        bodies_,
                        answers_,
                        turns_,
                        rounds_,
                        nullptr,
                        clock_,
                        request_ids_,
                        mailbox_,
                        [&closed](const auto&) { closed = true; }};
    const auto stream = std::make_shared<MemoryStream>(io_);
    const auto connection =
        std::make_shared<Connection>(make_memory_transport(stream), Peer{}, host);
    connection->start();
    for (; !input.empty(); input.remove_prefix(std::min(step, input.size()))) {
      stream->send(std::string{input.substr(0, step)});
      run();
    }
    stream->finish_sending();
    run();
    must_hold(closed, "who has said all and taken all is let go");
    must_hold(bodies_.held_bytes() == 0, "nothing of a body is held then");
    must_hold(answers_.held_bytes() == 0, "nor of an answer");
    return stream->received();
  }

 private:
  void run() {
    io_.restart();
    io_.poll();
  }

  boost::asio::io_context io_{1};
  FixedStore store_;
  FixedGateway gateway_;
  Handlers handlers_{store_, gateway_, {}};
  Deadlines deadlines_;
  Log log_;
  BodyBudget bodies_{bounds::bodies_bytes_default};
  BodyBudget answers_{bounds::answers_bytes_default};
  Turns turns_{io_};
  Rounds rounds_{io_};
  DateClock clock_;
  RequestIds request_ids_;
  std::shared_ptr<Mailbox> mailbox_;
};

/// Without the lines that differ from one answer to the next.
std::string comparable(std::string answers) {
  for (const char* differs : {"Date: ", "X-Request-Id: "}) {
    for (std::size_t at = 0; (at = answers.find(differs, at)) != std::string::npos;) {
      answers.erase(at, answers.find("\r\n", at) - at);
    }
  }
  return answers;
}

/// Whether a client's body was waited for or not is a matter of when it came.
bool may_be_asked_to_continue(std::string_view input) {
  std::string lower{input};
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("100-continue") != std::string::npos;
}

}  // namespace
}  // namespace mentat_sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mentat_sync;
  if (size == 0) return 0;
  const std::string_view input = view_of(data + 1, size - 1);
  Session session;
  const std::string whole = session.answers(input, input.size() + 1);
  must_hold(whole.empty() || whole.starts_with("HTTP/1.1 "), "an answer is HTTP");
  const std::string pieces = session.answers(input, 1 + data[0]);
  if (may_be_asked_to_continue(input)) return 0;
  must_hold(comparable(whole) == comparable(pieces), "pieces make no difference");
  return 0;
}
