// Chunks until there is no more room.
#include "filling.hpp"

#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace mentat_sync {
namespace {

constexpr int enough_to_fill = 2000;
constexpr std::chrono::seconds patience{10};

}  // namespace

std::string content_of(const std::string& chunk) {
  std::string content;
  while (content.size() < filling_chunk_bytes) content += chunk;
  return content;
}

std::vector<std::string> fill(SyncClient& client) {
  std::vector<std::string> stored;
  for (int i = 0; i < enough_to_fill; ++i) {
    const auto id = new_uuid();
    const auto response = client.put_chunk(id, content_of(id));
    if (response.status != 201) {
      EXPECT_TRUE(is_problem(response, 507));
      EXPECT_EQ(client.get_chunk(id).status, 404U) << "refused, but stored";
      return stored;
    }
    stored.push_back(id);
  }
  ADD_FAILURE() << "the store never became full";
  return stored;
}

void fill_to_the_last_page(SyncClient& client) {
  for (int i = 0; i < enough_to_fill; ++i) {
    const auto response = client.put_chunk("small-" + std::to_string(i), std::string(100, 'x'));
    if (response.status == 201) continue;
    EXPECT_TRUE(is_problem(response, 507));
    return;
  }
  ADD_FAILURE() << "the store never became full";
}

void expect_readable(SyncClient& client, const std::vector<std::string>& chunks) {
  for (const auto& id : chunks) {
    const auto response = client.get_chunk(id);
    ASSERT_EQ(response.status, 200U) << id;
    ASSERT_EQ(response.body, content_of(id));
  }
}

bool becomes_writable(SyncClient& client) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto id = new_uuid();
  while (std::chrono::steady_clock::now() < deadline) {
    const auto response = client.put_chunk(id, content_of(id));
    if (response.status == 201) return true;
    if (response.status != 507) {
      ADD_FAILURE() << response.status << " " << response.body;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return false;
}

}  // namespace mentat_sync
