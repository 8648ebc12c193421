// A program that uses the installed client library: pushes a log, and pulls it again.
//
// Usage: embedded_client URL. Exits with 0 when the log came back as it was sent.
#include "http/client/client.hpp"

#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace mentat_sync;

const auto user = *UserId::parse("0e3f9a2c-7f0e-4f0b-9c56-0d6c2b1f3a4d");
const auto transaction = *TransactionId::parse("5b1e0c7a-2a53-4b71-8a3c-9b2d4f6e8a01");
const auto milk = *ChunkId::parse("milk");

std::string push(Client& client) {
  const auto summary = client.summary();
  if (!summary) return summary.error().message;
  PushBody body{{summary->head, summary->seq}};
  body.add_chunk({milk, "buy milk"});
  body.add_transaction(transaction, {milk});
  const auto result = client.push(body);
  if (!result) return result.error().message;
  return result->outcome == PushResult::Outcome::pushed ? "" : result->refusal.message;
}

std::string pull(Client& client) {
  std::string bytes;
  const auto trailer = client.pull({}, [&](LogItem&& item) {
    if (const auto* chunk = std::get_if<LogChunk>(&item)) bytes += chunk->bytes;
    return true;
  });
  if (!trailer) return trailer.error().message;
  return bytes == "buy milk" && trailer->next == transaction ? "" : "the log differs";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto server = ServerUrl::parse(argv[1]);
  if (!server.ok()) return 2;
  Client client{*std::move(server), user};
  auto problem = push(client);
  if (problem.empty()) problem = pull(client);
  std::fprintf(stderr, "%s\n", problem.empty() ? "pushed and pulled" : problem.c_str());
  return problem.empty() ? 0 : 1;
}
