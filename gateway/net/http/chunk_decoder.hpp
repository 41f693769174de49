#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

struct chunk_limits {
  std::uint64_t content = 32ull * 1024 * 1024;  ///< bytes of content altogether; past it refused with 413
  std::size_t extensions = 4 * 1024;            ///< bytes of chunk extensions altogether: a body of 1-byte chunks with long ones is refused
  std::size_t trailers = 8 * 1024;              ///< bytes of the trailer section
};

/// Takes the chunked coding off a body (RFC 9112 §7.1) that comes in any pieces. Copies and keeps nothing: content comes back as
/// views into the input. Sizes are at most 16 hex digits, every line ends in CRLF, extensions and trailers are checked for form
/// and dropped.
class chunk_decoder {
 public:
  explicit chunk_decoder(chunk_limits limits = {}) noexcept : limits_(limits) {}

  /// Takes bytes off the front of `in` up to the next piece of content.
  /// @param piece  content, a view into what was `in`; empty unless there is some
  /// @return need_more: look at `piece`; call again while `in` is not empty. complete: the body has ended, `in` is what follows it
  ///         and `piece` is empty. refused: see `why`
  progress next(std::string_view& in, std::string_view& piece) noexcept;

  /// The same in place: content is moved together at the front of `bytes`.
  /// @param consumed  bytes of `bytes` that belonged to this body: all of them unless the answer is `complete`
  /// @param content   bytes of content, now at the front
  progress decode_in_place(char* bytes, std::size_t size, std::size_t& consumed, std::size_t& content) noexcept;

  [[nodiscard]] const refusal& why() const noexcept { return why_; }
  [[nodiscard]] std::uint64_t content() const noexcept { return content_; }  ///< bytes of content announced so far

 private:
  enum class state : std::uint8_t {
    size_first,
    size,
    size_blank,
    extension,
    quoted,
    quoted_pair,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
    refused
  };
  progress refuse(refusal r) noexcept;
  progress step(char c) noexcept;
  progress size_step(char c) noexcept;
  progress extension_step(char c) noexcept;
  progress trailer_step(char c) noexcept;
  progress begin_chunk() noexcept;

  chunk_limits limits_;
  state state_ = state::size_first;
  std::uint8_t digits_ = 0;
  std::uint64_t left_ = 0;  ///< of the current chunk
  std::uint64_t content_ = 0;
  std::size_t extensions_ = 0;
  std::size_t trailers_ = 0;
  refusal why_;
};

}  // namespace naru::net::http
