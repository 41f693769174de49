#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/net/http/head_lines.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// How the body of an answer ends (RFC 9112 §6.3).
enum class body_framing : std::uint8_t { none, length, chunked, until_close };

/// An answer's head, checked. All views point into the bytes given to the call that completed it.
struct response_head {
  int status = 0;           ///< 200..999: interim answers (1xx) are skipped
  std::string_view reason;  ///< the phrase, for logs only; may be empty
  int version_minor = 1;
  header_list headers;
  body_framing framing = body_framing::none;
  std::uint64_t content_length = 0;  ///< with framing `length`; 0 is framing `none`
  bool keep_alive = false;           ///< the connection may serve another request once the body has ended

  [[nodiscard]] std::string_view find(std::string_view name) const noexcept { return headers.find(name); }
};

/// Reads the head of an upstream's answer out of bytes that come in any pieces. An upstream is not trusted: what could be read
/// in two ways (two lengths, a length beside chunked, another transfer coding, bare LF, folded lines) is refused, as is 101.
class response_head_parser {
 public:
  /// @param head_request  the request was HEAD, so that no body follows whatever the headers say
  explicit response_head_parser(head_limits limits = {}, bool head_request = false) noexcept
      : limits_(limits), head_request_(head_request) {}

  /// @param bytes  everything received since the answer began, interim answers included; the buffer may have moved between calls
  progress parse(std::string_view bytes, response_head& out) noexcept;

  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }  ///< after `complete`: interim answers and head
  [[nodiscard]] const refusal& why() const noexcept { return why_; }         ///< after `refused`

 private:
  progress refuse(refusal r) noexcept;
  [[nodiscard]] std::optional<refusal> check_status_line(std::string_view line) noexcept;
  [[nodiscard]] std::optional<refusal> fill(std::string_view head, response_head& out) const noexcept;

  head_limits limits_;  ///< bytes: of all interim answers and the head together
  bool head_request_;
  head_end_finder finder_;
  std::size_t start_ = 0;  ///< where the current head begins: behind the interim ones
  int status_ = 0;         ///< 0: the status line has not been checked
  int version_minor_ = 1;
  std::size_t consumed_ = 0;
  refusal why_;
};

}  // namespace naru::net::http
