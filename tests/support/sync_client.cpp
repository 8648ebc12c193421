// The 0.1 API as the tests call it.
#include "support/sync_client.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <random>
#include <utility>

namespace mentat_sync {
namespace {

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

void expect(const HttpResponse& response, unsigned status, std::string_view what) {
  if (response.status == status) return;
  throw HttpError(std::string{what} + ": expected " + std::to_string(status) + ", got " +
                  std::to_string(response.status) + " " + response.body);
}

}  // namespace

std::string new_uuid() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::array<unsigned char, 16> bytes;
  for (auto& byte : bytes) byte = static_cast<unsigned char>(random());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text = hexadecimal(bytes.data(), bytes.size());
  for (const std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, "-");
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hexadecimal(digest.data(), size);
}

std::string head_body(std::string_view head) {
  return nlohmann::json{{"head", head}}.dump();
}

std::string transaction_body(std::string_view parent, const std::vector<std::string>& chunks) {
  return nlohmann::json{{"parent", parent}, {"chunks", chunks}}.dump();
}

SyncClient::SyncClient(std::uint16_t port, std::string user)
    : http_(port), user_(std::move(user)) {}

std::string SyncClient::target(std::string_view path) const {
  return "/0.1/" + user_ + std::string{path};
}

HttpResponse SyncClient::request(std::string method, std::string_view path, std::string body,
                                 HttpHeaders headers) {
  return http_.request({.method = std::move(method),
                        .target = target(path),
                        .body = std::move(body),
                        .headers = std::move(headers)});
}

HttpResponse SyncClient::get(std::string_view path, HttpHeaders headers) {
  return request("GET", path, {}, std::move(headers));
}

HttpResponse SyncClient::put(std::string_view path, std::string body, HttpHeaders headers) {
  return request("PUT", path, std::move(body), std::move(headers));
}

HttpResponse SyncClient::put_chunk(std::string_view chunk, std::string bytes) {
  return put("/chunks/" + std::string{chunk}, std::move(bytes));
}

HttpResponse SyncClient::get_chunk(std::string_view chunk) {
  return get("/chunks/" + std::string{chunk});
}

HttpResponse SyncClient::put_transaction(std::string_view transaction, std::string_view parent,
                                         const std::vector<std::string>& chunks) {
  return put("/transactions/" + std::string{transaction}, transaction_body(parent, chunks));
}

HttpResponse SyncClient::get_transaction(std::string_view transaction) {
  return get("/transactions/" + std::string{transaction});
}

HttpResponse SyncClient::put_head(std::string_view head) {
  return put("/head", head_body(head));
}

HttpResponse SyncClient::delete_user() {
  return request("DELETE", "");
}

HttpResponse SyncClient::pull(std::string_view query, HttpHeaders headers) {
  return get("/log" + std::string{query}, std::move(headers));
}

HttpResponse SyncClient::push(std::string log) {
  return request("POST", "/log", std::move(log), {{"Content-Type", std::string{log_type}}});
}

HttpResponse SyncClient::missing(const std::vector<std::string>& chunks) {
  return request("POST", "/missing", nlohmann::json{{"chunks", chunks}}.dump());
}

nlohmann::json SyncClient::get_json(std::string_view path) {
  const HttpResponse response = get(path);
  expect(response, 200, path);
  const nlohmann::json body = response.json();
  if (!body.is_object()) throw HttpError(std::string{path} + ": no JSON object: " + response.body);
  return body;
}

std::string SyncClient::head() {
  return get_json("/head").value("head", "");
}

nlohmann::json SyncClient::summary() {
  return get_json("");
}

std::vector<std::string> SyncClient::transactions(std::string_view from) {
  const nlohmann::json page = get_json("/transactions?limit=10000&from=" + std::string{from});
  return page.value("transactions", std::vector<std::string>{});
}

std::string SyncClient::add_transaction(std::string_view parent) {
  const std::string transaction = new_uuid();
  const std::string chunk = "c-" + transaction;
  expect(put_chunk(chunk, "chunk of " + transaction), 201, "PUT chunk");
  expect(put_transaction(transaction, parent, {chunk}), 201, "PUT transaction");
  return transaction;
}

std::string SyncClient::commit_transaction(std::string_view parent) {
  const std::string transaction = add_transaction(parent);
  expect(put_head(transaction), 204, "PUT head");
  return transaction;
}

}  // namespace mentat_sync
