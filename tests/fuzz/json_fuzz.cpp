// Any bytes as the JSON bodies that there are: parsed, or refused with a problem that no client
// takes for an answer.
#include "fuzz/fuzz.hpp"
#include "http/json_body.hpp"
#include "http/problem.hpp"
#include "storage/bounds.hpp"

#include <nlohmann/json.hpp>

#include <variant>

namespace mentat_sync {
namespace {

template <class Body>
void check(const Parsed<Body>& parsed) {
  const auto* problem = std::get_if<Problem>(&parsed);
  if (problem == nullptr) return;
  const auto body = nlohmann::json::parse(to_response(*problem).body, nullptr, false);
  must_hold(body.is_object(), "a problem is JSON, whatever it quotes");
  must_hold(!body.contains("head") && !body.contains("transactions") && !body.contains("chunks"),
            "a problem is no answer");
  must_hold(problem->kind.status >= 400 && problem->kind.status < 500, "it is the client's fault");
}

}  // namespace
}  // namespace mentat_sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mentat_sync;
  const ExactCopy body{view_of(data, size)};
  check(parse_head_body(body.view()));
  const auto transaction = parse_transaction_body(body.view());
  check(transaction);
  if (const auto* parsed = std::get_if<TransactionBody>(&transaction)) {
    must_hold(parsed->chunks.size() <= bounds::chunks_per_transaction, "its chunks are bounded");
  }
  check(parse_missing_body(body.view()));
  return 0;
}
