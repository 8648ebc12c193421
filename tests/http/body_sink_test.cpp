// Bodies that are taken while they arrive, over a real socket.
#include "http/body_sink.hpp"

#include "server_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mentat_sync {
namespace {

class BodySinkTest : public ServerFixture {};

TEST_F(BodySinkTest, IsHandedOnWithTheBodyThatItTook) {
  const std::string large(1'000'000, 'L');
  RawClient client{port()};
  ASSERT_TRUE(client.send(put("/sink", "hello") + put_chunked("/sink", "2\r\nhi\r\n0\r\n\r\n") +
                          put("/sink", large) + put("/echo", "kept") + put("/sink", "")));
  for (const auto& body :
       {std::string{"hello"}, std::string{"hi"}, large, std::string{"kept"}, std::string{}}) {
    EXPECT_EQ(client.read_answer().body, body);
  }
}

TEST_F(BodySinkTest, IsNotHandedOnWhenTheBodyBreaksOff) {
  RawClient client{port()};
  ASSERT_TRUE(client.send(put_chunked("/sink", "2\r\nhi\r\nno chunk\r\n")));
  EXPECT_EQ(client.read_answer().status, 400u);
  EXPECT_TRUE(application.handled().empty());
}

}  // namespace
}  // namespace mentat_sync
