// Any bytes as a log: the items, or why it is none, are the same however the bytes arrive; and what
// was read is read again from what is written of it. The first byte says how they arrive.
#include "fuzz/fuzz.hpp"
#include "http/push_body.hpp"
#include "http/wire/log_decoder.hpp"
#include "storage/bounds.hpp"
#include "storage/cbor_log.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

constexpr std::uint64_t max_item_bytes = 64 * bounds::KiB;

struct Reading {
  std::vector<LogItem> items;
  bool complete = false;
};

/// In pieces of `step` bytes.
Reading read(std::string_view log, std::size_t step) {
  LogDecoder decoder{max_item_bytes};
  Reading reading;
  while (!log.empty()) {
    const ExactCopy piece{log.substr(0, step)};
    log.remove_prefix(piece.view().size());
    decoder.feed(piece.view());
    for (;;) {
      auto item = decoder.next();
      if (!item.ok()) return reading;
      if (!item->has_value()) break;
      reading.items.push_back(std::move(**item));
    }
  }
  reading.complete = decoder.finish().ok();
  return reading;
}

void check_again(const Reading& reading) {
  std::string written;
  for (const LogItem& item : reading.items) append_cbor(written, item);
  const Reading again = read(written, written.size());
  must_hold(again.complete, "what was written is a log");
  must_hold(again.items == reading.items, "it has the same items");
}

}  // namespace
}  // namespace mentat_sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mentat_sync;
  if (size == 0) return 0;
  const std::string_view log = view_of(data + 1, size - 1);
  const Reading whole = read(log, std::max<std::size_t>(1, log.size()));
  const Reading pieces = read(log, 1 + data[0]);
  must_hold(whole.complete == pieces.complete, "pieces make no difference to the end");
  must_hold(whole.items == pieces.items, "nor to the items");
  if (whole.complete) check_again(whole);
  PushSink body{UserId{}};
  body.take(log.substr(0, data[0]));
  body.take(log.substr(std::min<std::size_t>(data[0], log.size())));
  const auto push = body.finish();
  if (const auto* problem = std::get_if<Problem>(&push)) {
    must_hold(problem->kind.status >= 400 && problem->kind.status < 500, "the client's fault");
  }
  return 0;
}
