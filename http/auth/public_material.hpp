// What is no secret, though it stands where one should: public keys, certificates and sets of keys,
// in the forms that programs write them in.
//
// Taken for an HMAC's secret, such a thing would let everybody who knows it make tokens. Not every
// form can be told from a secret: the 32 bytes of an Ed25519 key are any 32 bytes. So this is a
// second line of defence, behind an option of its own for secrets.
//
// Thread-safety: a pure function.
// Source: RFC 7468 (PEM), RFC 7517 (JWKS), X.690 (DER), RFC 4253 section 6.6 and RFC 4716 (SSH),
// RFC 8725 section 3.2 (why a public key must not become a secret).
#pragma once

#include <optional>
#include <string_view>

namespace mentat_sync {

/// What `text` looks like, with an article; nothing when it may be a secret. Of random bytes, or
/// their base64 or hexadecimal digits, fewer than one in 10,000 looks like something.
std::optional<std::string_view> public_material_in(std::string_view text);

}  // namespace mentat_sync
