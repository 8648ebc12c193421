// By id, then by hash.
#include "http/auth/token_authenticator.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace mentat_sync {
namespace {

constexpr Refused unknown{"The token is not known"};
constexpr Refused expired{"The token has expired"};

/// In a time that does not depend on where they differ.
bool same(const Sha256& a, const Sha256& b) {
  return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(WallClock clock)
    : clock_{std::move(clock)}, table_{std::make_shared<const Table>()} {}

void TokenAuthenticator::replace(std::vector<TokenRecord> records) {
  auto table = std::make_shared<Table>();
  table->reserve(records.size());
  for (TokenRecord& record : records) {
    auto id = record.id;
    table->emplace(std::move(id), std::move(record));
  }
  std::shared_ptr<const Table> old = std::move(table);
  const std::lock_guard lock{mutex_};
  table_.swap(old);
}

std::shared_ptr<const TokenAuthenticator::Table> TokenAuthenticator::table() const {
  const std::lock_guard lock{mutex_};
  return table_;
}

Authentication TokenAuthenticator::authenticate(std::string_view token) const {
  const auto id = id_of_token(token);
  if (!id) return unknown;
  const auto known = table();
  const auto found = known->find(std::string{*id});
  // An id that is not known goes the same way, so that time does not tell it from a wrong secret.
  static const TokenRecord nobody;
  const TokenRecord& record = found == known->end() ? nobody : found->second;
  const bool is_same = same(sha256(token), record.sha256);
  if (!is_same || found == known->end()) return unknown;
  // In seconds, for a date may be beyond what the clock's type holds.
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_());
  if (record.expires && now >= *record.expires) return expired;
  return Grant{.subject = record.id, .user = record.user, .scopes = record.scopes};
}

}  // namespace mentat_sync
