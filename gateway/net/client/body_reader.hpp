#pragma once
#include <cstdint>
#include <span>

#include "core/error.hpp"
#include "gateway/net/http/chunk_decoder.hpp"
#include "gateway/net/http/response_head.hpp"

namespace naru::net::client {

/// Takes the framing off an answer's body, in place, and says when it has ended and whether it ended well. No I/O.
class body_reader {
 public:
  explicit body_reader(const http::response_head& head) noexcept;

  struct piece {
    std::span<char> content;  ///< at the front of what was given; may be empty
    bool ended = false;       ///< the body is whole
    bool clean = true;        ///< nothing followed it: the connection may serve again
  };
  /// @param bytes  as received, all of them; changed
  /// Errors: reason "bad_body".
  result<piece> take(std::span<char> bytes) noexcept;
  /// The connection has ended. Errors: reason "cut", unless that is how this body ends.
  [[nodiscard]] result<void> at_end() const;
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  http::body_framing framing_;
  std::uint64_t left_;  ///< with a length
  http::chunk_decoder chunks_;
  bool ended_;
};

}  // namespace naru::net::client
