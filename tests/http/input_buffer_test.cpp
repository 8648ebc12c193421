// What a connection has read, when it is taken between, and while, more is read.
#include "http/input_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace mentat_sync {
namespace {

/// What a socket does: it writes to where it was told to when the read began.
void arrive(InputBuffer& input, boost::asio::mutable_buffer place, std::string_view bytes) {
  std::memcpy(place.data(), bytes.data(), bytes.size());
  input.end_read(bytes.size());
}

void read(InputBuffer& input, std::string_view bytes) {
  arrive(input, input.begin_read(bytes.size()), bytes);
}

TEST(InputBuffer, GivesWhatWasReadAndNotTaken) {
  InputBuffer input{100};
  read(input, "first second");
  input.take(6);
  EXPECT_EQ(input.unread(), "second");
  read(input, " third");
  EXPECT_EQ(input.unread(), "second third");
  EXPECT_EQ(input.size(), 12U);
}

TEST(InputBuffer, TakingDuringAReadMovesNothing) {
  for (const std::size_t taken : {1U, 4U, 5U}) {
    InputBuffer input{100};
    read(input, "first");
    const auto place = input.begin_read(50);
    EXPECT_TRUE(input.reading());
    input.take(taken);
    EXPECT_EQ(input.unread(), std::string_view{"first"}.substr(taken));
    arrive(input, place, "second");
    EXPECT_FALSE(input.reading());
    EXPECT_EQ(input.unread(), std::string{"first"}.substr(taken) + "second") << taken;
  }
}

TEST(InputBuffer, HasRoomAgainForWhatWasTakenDuringARead) {
  InputBuffer input{10};
  read(input, "12345");
  EXPECT_EQ(input.room(), 5U);
  const auto place = input.begin_read(5);
  input.clear();
  EXPECT_EQ(input.size(), 0U);
  arrive(input, place, "abc");
  EXPECT_EQ(input.unread(), "abc");
  EXPECT_EQ(input.room(), 7U);
  read(input, "defghij");
  EXPECT_EQ(input.unread(), "abcdefghij");
  EXPECT_EQ(input.room(), 0U);
}

TEST(InputBuffer, GivesItsMemoryBackWhenEmpty) {
  InputBuffer input{100};
  read(input, "first");
  input.clear();
  EXPECT_GT(input.capacity(), 0U);
  input.give_memory_back();
  EXPECT_EQ(input.capacity(), 0U);
}

}  // namespace
}  // namespace mentat_sync
