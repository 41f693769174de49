#include "gateway/net/http/response_head.hpp"

#include <algorithm>
#include <optional>

namespace naru::net::http {
namespace {

/// What the headers say about framing and the connection.
struct signs {
  std::optional<std::uint64_t> length;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
};

std::optional<refusal> read_length(std::string_view value, signs& out) noexcept {
  if (out.length) return refusal{400, "the answer has two Content-Length headers"};
  out.length = parse_length(value);
  return out.length ? std::nullopt : std::optional{refusal{400, "the answer's Content-Length is not a plain number"}};
}

std::optional<refusal> read_coding(std::string_view value, int version_minor, signs& out) noexcept {
  if (version_minor == 0) return refusal{400, "the answer is HTTP/1.0 with a Transfer-Encoding"};
  if (out.chunked || !same_text(value, "chunked")) return refusal{400, "the answer has a transfer coding other than chunked alone"};
  out.chunked = true;
  return std::nullopt;
}

std::optional<refusal> read_signs(const response_head& head, signs& out) noexcept {
  for (const header& h : head.headers) {
    std::optional<refusal> bad;
    if (same_text(h.name, "content-length")) bad = read_length(h.value, out);
    if (same_text(h.name, "transfer-encoding")) bad = read_coding(h.value, head.version_minor, out);
    if (bad) return bad;
    if (same_text(h.name, "connection")) {
      out.close |= list_contains(h.value, "close");
      out.keep_alive |= list_contains(h.value, "keep-alive");
    }
  }
  if (out.length && out.chunked) return refusal{400, "the answer has both Content-Length and Transfer-Encoding"};
  return std::nullopt;
}

void set_framing(const signs& s, bool head_request, response_head& out) noexcept {
  out.content_length = 0;
  out.keep_alive = !s.close && (out.version_minor == 1 || s.keep_alive);
  if (head_request || out.status == 204 || out.status == 304) {
    out.framing = body_framing::none;
    // A 204 must not announce a body (RFC 9110 §8.6): one that does may also send it, as the next answer.
    if (out.status == 204 && (s.chunked || s.length.value_or(0) != 0)) out.keep_alive = false;
  } else if (s.chunked) {
    out.framing = body_framing::chunked;
  } else if (s.length) {
    out.content_length = *s.length;
    out.framing = *s.length == 0 ? body_framing::none : body_framing::length;
  } else {
    out.framing = body_framing::until_close;
    out.keep_alive = false;
  }
}

}  // namespace

progress response_head_parser::refuse(refusal r) noexcept {
  why_ = r;
  return progress::refused;
}

progress response_head_parser::parse(std::string_view bytes, response_head& out) noexcept {
  const std::string_view looked_at = bytes.substr(0, limits_.bytes);
  for (;;) {
    const std::string_view rest = looked_at.substr(std::min(start_, looked_at.size()));
    if (!rest.empty() && rest.front() != 'H') return refuse({400, "the answer is not HTTP/1.1"});
    const progress found = finder_.find(rest);
    if (status_ == 0 && finder_.first_line()) {
      if (auto bad = check_status_line(rest.substr(0, *finder_.first_line()))) return refuse(*bad);
    }
    if (found == progress::refused) return refuse({400, "the answer's head has a line feed without a carriage return"});
    if (found == progress::need_more) {
      return looked_at.size() < limits_.bytes ? progress::need_more : refuse({431, "the answer's head is too long"});
    }
    if (auto bad = fill(rest.substr(0, finder_.size()), out)) return refuse(*bad);
    start_ += finder_.size();
    if (status_ >= 200) break;
    finder_ = {};  // an interim answer: another head follows
    status_ = 0;
  }
  consumed_ = start_;
  return progress::complete;
}

std::optional<refusal> response_head_parser::check_status_line(std::string_view line) noexcept {
  constexpr auto digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::string_view shape = "HTTP/1.1 200";
  const bool version = line.size() >= shape.size() && line.starts_with("HTTP/1.") && (line[7] == '0' || line[7] == '1') && line[8] == ' ';
  if (!version) return refusal{400, "the answer is not HTTP/1.1"};
  const bool status = line[9] >= '1' && line[9] <= '9' && digit(line[10]) && digit(line[11]);
  // The blank behind the status is wanted by RFC 9112 §4 and left out by servers that send no phrase.
  if (!status || (line.size() > shape.size() && line[shape.size()] != ' ') || !is_field_value(line)) {
    return refusal{400, "the answer's status line is malformed"};
  }
  version_minor_ = line[7] - '0';
  status_ = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (status_ == 101) return refusal{400, "the answer switches to a protocol that was not asked for"};
  return std::nullopt;
}

std::optional<refusal> response_head_parser::fill(std::string_view head, response_head& out) const noexcept {
  constexpr std::size_t phrase = 13;  // behind "HTTP/1.1 200 "
  const std::string_view line = head.substr(0, *finder_.first_line());
  out.status = status_;
  out.version_minor = version_minor_;
  out.reason = line.size() > phrase ? line.substr(phrase) : std::string_view{};
  if (auto bad = parse_header_lines(head.substr(line.size() + 2), limits_.count, out.headers)) return bad;
  signs s;
  if (auto bad = read_signs(out, s)) return bad;
  set_framing(s, head_request_, out);
  return std::nullopt;
}

}  // namespace naru::net::http
