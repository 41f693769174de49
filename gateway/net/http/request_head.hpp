#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/net/http/head_lines.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// A request's head, checked. All views point into the bytes given to the call that completed it. 3.3 KiB: one per shard is
/// enough where the views are copied or used at once.
struct request_head {
  std::string_view method;  ///< "POST"; any token but TRACE and CONNECT
  std::string_view target;  ///< as sent: "/v1/models?limit=2", "http://own.host/v1/models", "*" (OPTIONS only)
  std::string_view path;    ///< from the first '/' up to '?', not decoded; "/" for an absolute form without one
  std::string_view query;   ///< behind '?', without it; not decoded
  std::string_view host;    ///< the Host header; empty only with HTTP/1.0
  int version_minor = 1;    ///< 0 or 1
  header_list headers;
  std::optional<std::uint64_t> content_length;  ///< never together with `chunked`; neither: no body
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;  ///< the client waits for "100 Continue" before it sends its body

  [[nodiscard]] std::string_view find(std::string_view name) const noexcept { return headers.find(name); }
};

/// Reads one request head out of bytes that come in any pieces; looks at each byte about twice, however they come, and allocates nothing.
///
/// Refused, as RFC 9112 allows or wants: a bare LF or CR, folded lines, blanks before a colon, control characters, two Host,
/// Authorization or Content-Length headers, no Host (1.1), an odd Host, Content-Length beside Transfer-Encoding, a length that is
/// not plain digits, a Transfer-Encoding that is not "chunked" alone, absolute targets to another host, fragments, any
/// expectation but 100-continue (400); TRACE, CONNECT, other transfer codings (501); versions other than 1.0 and 1.1 (505);
/// too many bytes or lines (431). One empty line before the request is skipped (RFC 9112 §2.2).
class request_head_parser {
 public:
  explicit request_head_parser(head_limits limits = {}) noexcept : limits_(limits) {}

  /// @param bytes  everything received since this head began (more than the head is fine); the buffer may have moved between calls
  /// @param out    filled when the answer is `complete`
  progress parse(std::string_view bytes, request_head& out) noexcept;

  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }  ///< after `complete`: bytes of this head
  [[nodiscard]] const refusal& why() const noexcept { return why_; }         ///< after `refused`
  void reset() noexcept { *this = request_head_parser{limits_}; }            ///< ready for the next request

 private:
  progress refuse(refusal r) noexcept;
  [[nodiscard]] std::optional<refusal> check_start_line(std::string_view line) noexcept;
  [[nodiscard]] std::optional<refusal> fill(std::string_view head, request_head& out) noexcept;

  head_limits limits_;
  head_end_finder finder_;
  std::size_t skipped_ = 0;      ///< of an empty line before the head
  std::size_t method_size_ = 0;  ///< 0: the start line has not been checked
  std::size_t target_size_ = 0;
  int version_minor_ = 1;
  std::size_t consumed_ = 0;
  refusal why_;
};

}  // namespace naru::net::http
