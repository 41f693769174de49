#include "gateway/net/http/head_writer.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {
namespace {

void append_number(std::string& out, std::uint64_t value, int base) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 425: return "Too Early";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return {};
  }
}

head_writer& head_writer::status(int status) {
  assert(status >= 100 && status <= 999);
  out_ += "HTTP/1.1 ";
  append_number(out_, static_cast<std::uint64_t>(status), 10);
  out_ += ' ';
  out_ += reason_phrase(status);
  out_ += "\r\n";
  return *this;
}

bool head_writer::request(std::string_view method, std::string_view target) {
  const bool visible = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!is_token(method) || target.empty() || !visible) return false;
  out_.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  return true;
}

bool head_writer::header(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) return false;
  std::array<char, 256> line;
  if (name.size() + value.size() + 4 > line.size()) {
    out_.append(name).append(": ").append(value).append("\r\n");
    return true;
  }
  // The usual line, in one piece.
  char* end = std::copy(name.begin(), name.end(), line.data());
  *end++ = ':';
  *end++ = ' ';
  end = std::copy(value.begin(), value.end(), end);
  *end++ = '\r';
  *end++ = '\n';
  out_.append(line.data(), end);
  return true;
}

head_writer& head_writer::header(std::string_view name, std::uint64_t value) {
  assert(is_token(name));
  out_.append(name).append(": ");
  append_number(out_, value, 10);
  out_ += "\r\n";
  return *this;
}

void append_chunk_size(std::string& out, std::size_t size) {
  assert(size != 0);
  append_number(out, size, 16);
  out += "\r\n";
}

}  // namespace naru::net::http
