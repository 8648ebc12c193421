// ChunkedBody: what is in a body that comes in chunks, however its bytes are split.
//
// Beast's parser reads chunks too, but takes more than the grammar has: a bare LF in a quoted
// extension, folded trailers. A proxy that reads them otherwise would see other requests than this
// server. Here each byte is looked at once, by the place in the grammar where it stands; extensions
// and trailers are checked, counted and dropped.
//
// Thread-safety: none.
// Ownership: it keeps nothing of the bytes but the name of a trailer; content lies in what was fed.
// Failures: state() too_large, too_long or malformed; nothing more is read then.
// Source: RFC 9112, section 7.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

class ChunkedBody {
 public:
  enum class State {
    reading,
    complete,
    /// A chunk begins whose size goes beyond the limit of the content.
    too_large,
    /// Extensions and trailers, all together.
    too_long,
    malformed,
  };

  struct Step {
    /// How many bytes it is done with.
    std::size_t used = 0;
    /// The content among them, in one piece.
    std::string_view content;
  };

  /// `dropped_bytes`: the most that extensions and trailers may have.
  ChunkedBody(std::uint64_t limit_bytes, std::uint32_t dropped_bytes)
      : content_left_(limit_bytes), dropped_left_(dropped_bytes) {}

  /// Takes bytes from the front of `bytes`: up to the end of the next piece of content, of the body
  /// or of `bytes`. What is left must be in front of what is fed next.
  Step feed(std::string_view bytes);

  State state() const { return state_; }
  /// What is wrong; only when malformed.
  std::string_view complaint() const { return complaint_; }

 private:
  /// Where in the grammar the next byte stands.
  enum class Place {
    size_begin,
    size,
    size_lf,
    content,
    content_cr,
    content_lf,
    last_lf,
    end,
    // Of an extension:
    before_semicolon,
    before_name,
    name,
    before_equals,
    before_value,
    value,
    quoted,
    escaped,
    after_quoted,
    // Of trailers:
    trailer_begin,
    trailer_name,
    trailer_value,
    trailer_lf,
    nowhere,
  };
  static bool in_extension(Place place) {
    return place >= Place::before_semicolon && place <= Place::after_quoted;
  }
  static bool in_trailers(Place place) {
    return place >= Place::trailer_begin && place <= Place::trailer_lf;
  }

  static Place after(Place place, char c);
  static Place after_in_extension(Place place, char c);
  static Place after_in_trailer(Place place, char c);
  static Place after_part(char c);
  static std::string_view complaint_at(Place place);

  std::string_view take_content(std::string_view bytes);
  void take(char c);
  void take_size_digit(char c);
  void drop_byte();
  void begin_chunk();
  void check_trailer();
  void refuse(std::string_view complaint);

  State state_ = State::reading;
  std::string_view complaint_;
  Place place_ = Place::size_begin;
  std::uint64_t content_left_;
  std::uint32_t dropped_left_;
  /// Of a chunk: its size as far as it is known, and from how many digits; then what is to come.
  std::uint64_t chunk_left_ = 0;
  int digits_ = 0;
  std::string trailer_name_;
};

}  // namespace mentat_sync
