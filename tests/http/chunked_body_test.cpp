// What a body in chunks is and what is none, wherever its bytes are split.
#include "http/chunked_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

using State = ChunkedBody::State;

constexpr std::uint64_t limit_bytes = 20;
constexpr std::uint32_t dropped_bytes = 30;

/// What is read of a body whose bytes arrive in pieces: "[content]" and what is behind it, or why
/// there is none.
std::string read(const std::vector<std::string_view>& pieces) {
  ChunkedBody body{limit_bytes, dropped_bytes};
  std::string content;
  std::string rest;
  for (std::string_view piece : pieces) {
    while (body.state() == State::reading && !piece.empty()) {
      const auto step = body.feed(piece);
      EXPECT_GT(step.used, 0u);
      content += step.content;
      piece.remove_prefix(step.used);
    }
    rest += piece;
  }
  switch (body.state()) {
    case State::reading:
      return "more";
    case State::complete:
      return "[" + content + "]" + rest;
    case State::too_large:
      return "too large";
    case State::too_long:
      return "too long";
    case State::malformed:
      return body.complaint().empty() ? "no complaint" : "malformed";
  }
  return "";
}

/// The same whole, in two pieces split anywhere, and byte by byte.
void expect(std::string_view bytes, const std::string& outcome) {
  EXPECT_EQ(read({bytes}), outcome) << bytes;
  std::vector<std::string_view> single;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    EXPECT_EQ(read({bytes.substr(0, at), bytes.substr(at)}), outcome) << at << ": " << bytes;
    single.push_back(bytes.substr(at, 1));
  }
  EXPECT_EQ(read(single), outcome) << "byte by byte: " << bytes;
}

void expect_malformed(const std::vector<std::string>& bodies) {
  for (const auto& body : bodies) expect(body, "malformed");
}

/// A body whose first chunk has this behind its size.
std::string extended(const std::string& extension) {
  return "1" + extension + "\r\na\r\n0\r\n\r\n";
}

std::string with_trailers(const std::string& trailers) {
  return "1\r\na\r\n0\r\n" + trailers + "\r\n";
}

TEST(ChunkedBody, IsWhatItsChunksHave) {
  expect("0\r\n\r\n", "[]");
  expect("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "[hello world]");
  expect("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "[01234567890123456789]");
  expect("000000000000000A\r\n\r\n0\r\n\r\n0\r\n\r\n0000\r\n\r\n", "[\r\n0\r\n\r\n0\r\n]");
}

TEST(ChunkedBody, EndsWhereItEnds) {
  expect("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n", "[a]GET / HTTP/1.1\r\n\r\n");
  expect("0\r\n\r\n\r\n", "[]\r\n");
}

TEST(ChunkedBody, WaitsForWhatIsMissing) {
  const std::string whole = "2;x\r\nab\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) expect(whole.substr(0, size), "more");
}

TEST(ChunkedBody, HasSizesOfOneToSixteenHexadecimalDigits) {
  expect_malformed({"\r\n", ";x\r\n", "xyz\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n",
                    "1\t\r\n", "1_0\r\n", "1 0\r\n", "00000000000000001\r\n",
                    "00000000000000000\r\n", "10000000000000001\r\n", "1G\r\n"});
}

TEST(ChunkedBody, HasLinesThatEndInCrlf) {
  expect_malformed({"1\na\r\n0\r\n\r\n", "1\ra\r\n0\r\n\r\n", "1\r\r\na\r\n", "1\r\naX", "1\r\na\n",
                    "1\r\na\rX", "2\r\nabc\r\n0\r\n\r\n", "0\n", "0\r\n\n", "0\r\n\rX"});
}

TEST(ChunkedBody, DropsExtensions) {
  for (const auto* extension :
       {";a", ";a=b", ";a=b;c", ";a=\"\"", ";a=\"b;c\"", ";a=\"\\\"\\\\\"", " ;a", "\t; a = b ;c",
        ";a \t=\t\"b\" ; c", ";a=\"\t\x80\xff\"", ";!#$%&'*+-.^_`|~=0"}) {
    expect(extended(extension), "[a]");
  }
  expect("1\r\na\r\n0;last=1\r\n\r\n", "[a]");
}

TEST(ChunkedBody, RefusesExtensionsThatAreNone) {
  for (const auto* extension :
       {";",    "; ",     ";;a",   ";a;",     ";a=",       ";a= ",        ";=b",        ";a=b=c",
        ";a b", ";a=b c", ";a ",   ";a=b ",   ";a=\"b\"c", ";a=\"b\" ",   ";a=\"b",     ";a=\"b\\",
        ";(a)", ";a=(b)", ";\x80", ";a=\x80", ";a\x7f",    ";a=\"\x7f\"", ";a=\"\x01\""}) {
    expect(extended(extension), "malformed");
  }
}

TEST(ChunkedBody, HidesNoLineEndInAnExtension) {
  for (const auto* extension : {";a=\"\n\"", ";a=\"\r\"", ";a=\"\r\n\"", ";a=\"\\\n\"", ";a\n",
                                ";a=\n", ";a=\rb", ";a=\"b\r\n0\r\n\r\n"}) {
    expect(extended(extension), "malformed");
  }
  expect(extended(std::string(";a=\"\0\"", 6)), "malformed");
}

TEST(ChunkedBody, DropsTrailers) {
  for (const auto* trailers : {"A: b\r\n", "A:\r\n", "A:b \t\r\nC: \"d\x80\"\r\n", "Host: x\r\n",
                               "!#$%&'*+-.^_`|~: :\r\n", "Content-Lengths: 1\r\n"}) {
    expect(with_trailers(trailers), "[a]");
  }
}

TEST(ChunkedBody, RefusesTrailersThatAreNone) {
  for (const auto* trailers : {"a\r\n", ":b\r\n", "a b: c\r\n", "a : b\r\n", "a: b\n", "a: b\r",
                               "a: b\rc\r\n", "a: \x01\r\n", "a: \x7f\r\n", "\x80: b\r\n"}) {
    expect(with_trailers(trailers), "malformed");
  }
  expect(with_trailers(std::string("a: \0\r\n", 6)), "malformed");
}

TEST(ChunkedBody, RefusesFoldedTrailers) {
  expect(with_trailers("A: b\r\n c\r\n"), "malformed");
  expect(with_trailers("A: b\r\n\tc: d\r\n"), "malformed");
  expect(with_trailers(" A: b\r\n"), "malformed");
}

TEST(ChunkedBody, RefusesTrailersThatFrameMessages) {
  for (const auto* trailers : {"Content-Length: 5\r\n", "transfer-encoding: chunked\r\n",
                               "CONNECTION: close\r\n", "A: b\r\nContent-Length: 1\r\n"}) {
    expect(with_trailers(trailers), "malformed");
  }
}

TEST(ChunkedBody, HasContentUpToItsLimit) {
  const std::string largest(limit_bytes, 'x');
  expect("14\r\n" + largest + "\r\n0\r\n\r\n", "[" + largest + "]");
  expect("15\r\n", "too large");
  expect("14\r\n" + largest + "\r\n1\r\n", "too large");
  expect("FFFFFFFFFFFFFFFF\r\n", "too large");
  expect("1\r\na\r\nffffffffffffffff\r\n", "too large");
}

TEST(ChunkedBody, HasExtensionsAndTrailersUpToTheirBoundTogether) {
  const std::string ten = ";a=bcdefgh";
  const std::string line = "A: bcdef\r\n";
  const auto body = [&](const std::string& one, const std::string& two, const std::string& last) {
    return "1" + one + "\r\na\r\n1" + two + "\r\nb\r\n0\r\n" + last + "\r\n";
  };
  expect(body(ten, ten, line), "[ab]");
  expect(body(ten + "i", ten, line), "too long");
  expect(body(ten, ten, line + line), "too long");
  expect(body(ten, ten + ten + "i", ""), "too long");
  expect("1;" + std::string(29, ' '), "more");
  expect("1;" + std::string(30, ' '), "too long");
  expect("0\r\nA:" + std::string(28, ' '), "more");
  expect("0\r\nA:" + std::string(29, ' '), "too long");
}

TEST(ChunkedBody, GivesContentFromWhereItLies) {
  const std::string bytes = "5\r\nhello\r\n0\r\n\r\n";
  ChunkedBody body{limit_bytes, dropped_bytes};
  const auto step = body.feed(bytes);
  EXPECT_EQ(step.used, 8u);
  EXPECT_EQ(step.content.data(), bytes.data() + 3);
}

}  // namespace
}  // namespace mentat_sync
