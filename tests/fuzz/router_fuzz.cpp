// Any target of any method: the router says where it goes, or why not, and never takes an id that
// is none. The first byte is the method.
#include "fuzz/fuzz.hpp"
#include "http/router.hpp"
#include "storage/bounds.hpp"

#include <array>
#include <variant>

namespace mentat_sync {
namespace {

using boost::beast::http::verb;

constexpr std::array methods{verb::get,     verb::head,    verb::put,     verb::post,
                             verb::delete_, verb::options, verb::unknown, verb::patch};

void check(const Route& route) {
  must_hold(route.limit <= bounds::page_transactions_max, "a page is bounded");
  if (route.action == Action::get_chunk || route.action == Action::put_chunk) {
    const auto again = ChunkId::parse(route.chunk.to_string());
    must_hold(again && *again == route.chunk, "a chunk's id is one");
  }
}

}  // namespace
}  // namespace mentat_sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mentat_sync;
  if (size == 0) return 0;
  const ExactCopy target{view_of(data + 1, size - 1)};
  const Routing routing = route(methods[data[0] % methods.size()], target.view());
  if (const auto* found = std::get_if<Route>(&routing)) check(*found);
  if (const auto* malformed = std::get_if<MalformedTarget>(&routing)) {
    must_hold(!malformed->detail.empty(), "a refusal says why");
  }
  return 0;
}
