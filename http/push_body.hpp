// PushSink: the body of a push, a log in CBOR, made into the one command that it stands for while
// it arrives.
//
// Thread-safety: none. Ownership: it copies what it needs of the bytes.
// Failures: a Problem that says where the log is malformed, and how. From there on nothing is read,
// and nothing that was read before is kept.
// Source: docs/protocol.md, "The log in one piece"; decisions/0031.
#pragma once

#include "http/body_sink.hpp"
#include "http/json_body.hpp"
#include "http/wire/log_decoder.hpp"
#include "storage/commands.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace mentat_sync {

class PushSink final : public BodySink {
 public:
  explicit PushSink(UserId user);
  ~PushSink() override;

  void take(std::string_view bytes) override;
  std::uint64_t held_bytes() const override;
  /// When the body is whole; once.
  Parsed<Push> finish();

 private:
  class Builder;

  void refuse(Problem problem);

  LogDecoder decoder_;
  /// Nothing when refused.
  std::unique_ptr<Builder> builder_;
  std::optional<Problem> problem_;
};

}  // namespace mentat_sync
