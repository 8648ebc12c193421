// Tokens by way of libcbor's streaming decoder, which calls one of many functions for each.
#include "http/wire/cbor_token.hpp"

#include <cbor.h>

namespace mentat_sync {
namespace {

using Kind = CborToken::Kind;

CborToken& token_of(void* context) {
  return *static_cast<CborToken*>(context);
}

template <Kind kind>
void on_count(void* context, auto number) {
  token_of(context) = {kind, number, {}};
}

template <Kind kind>
void on_string(void* context, cbor_data data, auto size) {
  token_of(context) = {kind, 0, {reinterpret_cast<const char*>(data), size}};
}

template <Kind kind>
void on_simple(void* context) {
  token_of(context) = {kind, 0, {}};
}

void on_other(void* context, auto /*value*/) {
  token_of(context) = {Kind::other, 0, {}};
}

void on_boolean(void* context, bool value) {
  token_of(context) = {Kind::boolean, value ? 1U : 0U, {}};
}

cbor_callbacks make_callbacks() {
  cbor_callbacks on{};
  on.uint8 = on_count<Kind::number>;
  on.uint16 = on_count<Kind::number>;
  on.uint32 = on_count<Kind::number>;
  on.uint64 = on_count<Kind::number>;
  on.negint8 = on_other;
  on.negint16 = on_other;
  on.negint32 = on_other;
  on.negint64 = on_other;
  on.byte_string_start = on_simple<Kind::indefinite>;
  on.byte_string = on_string<Kind::bytes>;
  on.string_start = on_simple<Kind::indefinite>;
  on.string = on_string<Kind::text>;
  on.indef_array_start = on_simple<Kind::indefinite>;
  on.array_start = on_count<Kind::list>;
  on.indef_map_start = on_simple<Kind::indefinite>;
  on.map_start = on_count<Kind::map>;
  on.tag = on_count<Kind::tag>;
  on.float2 = on_other;
  on.float4 = on_other;
  on.float8 = on_other;
  on.undefined = on_simple<Kind::other>;
  on.null = on_simple<Kind::other>;
  on.boolean = on_boolean;
  on.indef_break = on_simple<Kind::indefinite>;
  return on;
}

}  // namespace

CborTokenRead read_token(std::string_view input) {
  static const cbor_callbacks callbacks = make_callbacks();
  CborTokenRead read;
  const auto result = cbor_stream_decode(reinterpret_cast<cbor_data>(input.data()), input.size(),
                                         &callbacks, &read.token);
  if (result.status == CBOR_DECODER_FINISHED) {
    read.outcome = CborTokenRead::Outcome::whole;
    read.bytes = result.read;
  } else if (result.status == CBOR_DECODER_NEDATA && result.required > input.size()) {
    read.outcome = CborTokenRead::Outcome::needs_more;
    read.bytes = result.required;
  }
  // What needs more, but no more than there is, has a length so large that libcbor's sum of it and
  // the bytes before it has overflowed.
  return read;
}

}  // namespace mentat_sync
