#include "gateway/net/http/request_head.hpp"

#include <algorithm>
#include <utility>

namespace naru::net::http {
namespace {

std::optional<refusal> check_version(std::string_view text, int& minor) noexcept {
  constexpr auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool shaped = text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) && text[6] == '.' && digit(text[7]);
  if (!shaped) return refusal{400, "the request line is not: method, target, HTTP/1.1"};
  if (text[5] != '1' || text[7] > '1') return refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  minor = text[7] - '0';
  return std::nullopt;
}

std::optional<refusal> check_target(std::string_view method, std::string_view target) noexcept {
  // Visible ASCII without '#': bytes above it, blanks and fragments are read differently by different servers.
  const bool clean = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  if (target.empty() || !clean) return refusal{400, "the request target has a character that is not allowed"};
  if (target == "*") {
    return method == "OPTIONS" ? std::nullopt : std::optional{refusal{400, "the target * is for OPTIONS only"}};
  }
  if (target.front() == '/' || same_text(target.substr(0, 7), "http://") || same_text(target.substr(0, 8), "https://")) {
    return std::nullopt;
  }
  return refusal{400, "the request target is neither a path nor an http address"};
}

/// Splits off what stands before the path. @return false when there is an authority that is not `host`
bool split_target(request_head& head) noexcept {
  std::string_view rest = head.target;
  if (rest.front() != '/' && rest != "*") {
    rest.remove_prefix(rest.find("//") + 2);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (!same_text(rest.substr(0, end), head.host)) return false;
    rest.remove_prefix(end);
  }
  const std::size_t mark = std::min(rest.find('?'), rest.size());
  head.path = mark == 0 ? std::string_view{"/"} : rest.substr(0, mark);
  head.query = mark == rest.size() ? std::string_view{} : rest.substr(mark + 1);
  return true;
}

/// What the headers say about framing and the connection, gathered in one walk.
class header_reader {
 public:
  explicit header_reader(request_head& head) noexcept : head_(head) {}

  std::optional<refusal> read() noexcept {
    head_.content_length.reset();
    head_.chunked = head_.expect_continue = false;
    head_.host = {};
    for (const header& h : head_.headers) {
      if (auto bad = read_one(h)) return bad;
    }
    if (!host_ && head_.version_minor == 1) return refusal{400, "there is no Host header"};
    if (head_.chunked && head_.content_length) return refusal{400, "Content-Length and Transfer-Encoding are given together"};
    head_.keep_alive = !close_ && (head_.version_minor == 1 || keep_alive_);
    return std::nullopt;
  }

 private:
  std::optional<refusal> read_one(const header& h) noexcept {
    switch (h.name.size()) {  // the length tells nearly all others apart without a comparison
      case 4: return same_text(h.name, "host") ? host(h.value) : std::nullopt;
      case 6: return same_text(h.name, "expect") ? expect(h.value) : std::nullopt;
      case 10: return same_text(h.name, "connection") ? connection(h.value) : std::nullopt;
      case 13: return same_text(h.name, "authorization") ? authorization() : std::nullopt;
      case 14: return same_text(h.name, "content-length") ? length(h.value) : std::nullopt;
      case 17: return same_text(h.name, "transfer-encoding") ? coding(h.value) : std::nullopt;
      default: return std::nullopt;
    }
  }

  std::optional<refusal> host(std::string_view value) noexcept {
    if (std::exchange(host_, true)) return refusal{400, "there are two Host headers"};
    if (!is_authority(value)) return refusal{400, "the Host header is not a host name with an optional port"};
    head_.host = value;
    return std::nullopt;
  }

  std::optional<refusal> expect(std::string_view value) noexcept {
    if (head_.version_minor == 0) return std::nullopt;  // RFC 9110 §10.1.1: ignored in a 1.0 request
    if (!same_text(value, "100-continue")) return refusal{400, "the only expectation met here is 100-continue"};
    head_.expect_continue = true;
    return std::nullopt;
  }

  std::optional<refusal> connection(std::string_view value) noexcept {
    close_ |= list_contains(value, "close");
    keep_alive_ |= list_contains(value, "keep-alive");
    return std::nullopt;
  }

  std::optional<refusal> authorization() noexcept {
    if (std::exchange(authorization_, true)) return refusal{400, "there are two Authorization headers"};
    return std::nullopt;
  }

  std::optional<refusal> length(std::string_view value) noexcept {
    if (head_.content_length) return refusal{400, "there are two Content-Length headers"};
    head_.content_length = parse_length(value);
    if (!head_.content_length) return refusal{400, "the Content-Length is not a plain number"};
    return std::nullopt;
  }

  std::optional<refusal> coding(std::string_view value) noexcept {
    if (head_.version_minor == 0) return refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
    if (head_.chunked) return refusal{400, "there are two Transfer-Encoding headers"};
    if (!same_text(value, "chunked")) {
      return list_contains(value, "chunked") ? refusal{400, "chunked must be the only transfer coding"}
                                             : refusal{501, "the only transfer coding taken here is chunked"};
    }
    head_.chunked = true;
    return std::nullopt;
  }

  request_head& head_;
  bool host_ = false;
  bool authorization_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
};

}  // namespace

progress request_head_parser::refuse(refusal r) noexcept {
  why_ = r;
  return progress::refused;
}

progress request_head_parser::parse(std::string_view bytes, request_head& out) noexcept {
  if (skipped_ == 0 && bytes.starts_with('\r')) {
    if (bytes.size() == 1) return progress::need_more;
    if (bytes[1] != '\n') return refuse({400, "there is a carriage return without a line feed"});
    skipped_ = 2;
  }
  bytes.remove_prefix(skipped_);
  if (bytes.empty()) return progress::need_more;
  // TLS spoken to a plain port, or any other protocol: said now, not when the head's time is over.
  if (!is_token_char(bytes.front())) return refuse({400, "this is not an HTTP request"});

  const std::string_view looked_at = bytes.substr(0, limits_.bytes);
  const progress found = finder_.find(looked_at);
  if (method_size_ == 0 && finder_.first_line()) {
    if (auto bad = check_start_line(bytes.substr(0, *finder_.first_line()))) return refuse(*bad);
  }
  if (found == progress::refused) return refuse({400, "there is a line feed without a carriage return"});
  if (found == progress::need_more) {
    return looked_at.size() < limits_.bytes ? progress::need_more : refuse({431, "the request line and headers are too long"});
  }
  consumed_ = skipped_ + finder_.size();
  if (auto bad = fill(bytes.substr(0, finder_.size()), out)) return refuse(*bad);
  return progress::complete;
}

std::optional<refusal> request_head_parser::check_start_line(std::string_view line) noexcept {
  const std::size_t method_end = std::min(line.find(' '), line.size());
  const std::string_view method = line.substr(0, method_end);
  if (!is_token(method)) return refusal{400, "the method has a character that is not allowed"};
  const std::string_view rest = line.substr(std::min(method_end + 1, line.size()));
  const std::size_t target_end = std::min(rest.find(' '), rest.size());
  if (auto bad = check_version(rest.substr(std::min(target_end + 1, rest.size())), version_minor_)) return bad;
  if (method == "TRACE" || method == "CONNECT") return refusal{501, "TRACE and CONNECT are not answered here"};
  if (auto bad = check_target(method, rest.substr(0, target_end))) return bad;
  method_size_ = method_end;
  target_size_ = target_end;
  return std::nullopt;
}

std::optional<refusal> request_head_parser::fill(std::string_view head, request_head& out) noexcept {
  out.method = head.substr(0, method_size_);
  out.target = head.substr(method_size_ + 1, target_size_);
  out.version_minor = version_minor_;
  if (auto bad = parse_header_lines(head.substr(*finder_.first_line() + 2), limits_.count, out.headers)) return bad;
  if (auto bad = header_reader{out}.read()) return bad;
  if (!split_target(out)) return refusal{400, "the request target names another host than the Host header"};
  return std::nullopt;
}

}  // namespace naru::net::http
