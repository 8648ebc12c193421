// The options that bound what is stored and what waits.
#include "cli/storage_limit_options.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

StorageLimitOptions parse(std::vector<std::string> arguments) {
  CLI::App command;
  StorageLimitOptions options;
  add_storage_limit_options(command, options);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes a vector
  command.parse(arguments);
  return options;
}

TEST(StorageLimitOptions, HaveTheDefaultsOfTheBounds) {
  const auto options = parse({});
  EXPECT_EQ(options.user.bytes, bounds::user_bytes_default);
  EXPECT_EQ(options.user.pending_transactions, bounds::pending_transactions_per_user);
  EXPECT_EQ(options.user.chunks_per_transaction, bounds::chunks_per_transaction);
  EXPECT_EQ(options.max_queue, bounds::writer_queue_commands);
  EXPECT_EQ(options.user_queue(), bounds::user_queue_commands);
}

TEST(StorageLimitOptions, AreReadFromFlags) {
  const auto options =
      parse({"--max-user-bytes", "1GiB", "--max-pending-transactions", "5",
             "--max-transaction-chunks", "6", "--max-queue", "70", "--max-user-queue", "8"});
  EXPECT_EQ(options.user.bytes, bounds::GiB);
  EXPECT_EQ(options.user.pending_transactions, 5U);
  EXPECT_EQ(options.user.chunks_per_transaction, 6U);
  EXPECT_EQ(options.max_queue, 70U);
  EXPECT_EQ(options.user_queue(), 8U);
}

TEST(StorageLimitOptions, KeepAUsersQueueWithinThatOfAll) {
  EXPECT_EQ(parse({"--max-queue", "10"}).user_queue(), 10U);
}

TEST(StorageLimitOptions, RefuseWhatIsOutOfTheirBounds) {
  const std::vector<std::vector<std::string>> refused = {{"--max-user-bytes", "-1"},
                                                         {"--max-user-bytes", "65TiB"},
                                                         {"--max-pending-transactions", "0"},
                                                         {"--max-pending-transactions", "1000001"},
                                                         {"--max-transaction-chunks", "0"},
                                                         {"--max-transaction-chunks", "16385"},
                                                         {"--max-queue", "0"},
                                                         {"--max-queue", "1048577"},
                                                         {"--max-user-queue", "0"},
                                                         {"--max-user-queue", "many"}};
  for (const auto& arguments : refused) {
    EXPECT_THROW(parse(arguments), CLI::ValidationError) << arguments[0] << " " << arguments[1];
  }
}

}  // namespace
}  // namespace mentat_sync
