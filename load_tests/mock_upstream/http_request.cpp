#include "load_tests/mock_upstream/http_request.hpp"

#include <algorithm>
#include <charconv>

namespace naru::mock {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower_case(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

template <class Number>
bool whole_number(std::string_view text, Number& n, int base = 10) noexcept {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  return !text.empty() && ec == std::errc{} && end == text.data() + text.size();
}

/// Fills method, target and headers from a head that ends in an empty line; sets `malformed` at the first fault.
void read_head(http_request& r) {
  std::string_view rest = r.head;
  const auto line = [&rest] {
    const auto end = rest.find("\r\n");
    const std::string_view found = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return found;
  };
  const std::string_view first = line();
  const auto space = first.find(' ');
  const auto second = first.rfind(' ');
  if (space == std::string_view::npos || second == space || first.substr(second + 1) != "HTTP/1.1") {
    r.malformed = "want a request line of HTTP/1.1, got: " + std::string(first);
    return;
  }
  r.method = first.substr(0, space);
  const std::string_view target = first.substr(space + 1, second - space - 1);
  const auto mark = target.find('?');
  r.path = percent_decoded(target.substr(0, mark));
  if (mark != std::string_view::npos) r.query = target.substr(mark + 1);
  for (std::string_view field = line(); !field.empty(); field = line()) {
    const auto colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0 || field[colon - 1] == ' ') {
      r.malformed = "want 'name: value', got: " + std::string(field);
      return;
    }
    r.headers.emplace_back(lower_case(field.substr(0, colon)), trimmed(field.substr(colon + 1)));
  }
  if (r.count("host") != 1) r.malformed = "want one Host header";
  if (r.count("content-length") + r.count("transfer-encoding") > 1) r.malformed = "want one of Content-Length and Transfer-Encoding";
}

/// Takes a chunked body from `bytes`. @return bytes taken, 0 while incomplete
std::size_t take_chunks(http_request& r, std::string_view bytes) {
  std::size_t at = 0;
  while (true) {
    const auto end = bytes.find("\r\n", at);
    if (end == std::string_view::npos) return 0;
    std::size_t size = 0;
    if (!whole_number(bytes.substr(at, end - at), size, 16)) {
      r.malformed = "want a chunk size, got: " + std::string(bytes.substr(at, end - at));
      return bytes.size();
    }
    at = end + 2;
    if (bytes.size() < at + size + 2) return 0;
    if (bytes.substr(at + size, 2) != "\r\n") {
      r.malformed = "want CRLF behind a chunk";
      return bytes.size();
    }
    r.body.append(bytes.substr(at, size));
    at += size + 2;
    if (size == 0) return at;
  }
}

}  // namespace

std::string_view http_request::header(std::string_view lower_name) const noexcept {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

std::size_t http_request::count(std::string_view lower_name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& field) { return field.first == lower_name; }));
}

std::optional<std::string> http_request::query_value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name) return equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return std::nullopt;
}

std::optional<std::pair<http_request, std::size_t>> take_request(std::string_view bytes) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  http_request r;
  r.head = bytes.substr(0, head_end + 4);
  const std::string_view rest = bytes.substr(head_end + 4);
  read_head(r);
  std::size_t taken = rest.size();
  if (!r.malformed.empty()) {
    // Nothing behind a head that cannot be understood has a known length.
  } else if (r.count("transfer-encoding") == 1) {
    if (r.header("transfer-encoding") != "chunked") {
      r.malformed = "want Transfer-Encoding: chunked, got: " + std::string(r.header("transfer-encoding"));
    } else if (taken = take_chunks(r, rest); taken == 0) {
      return std::nullopt;
    }
  } else if (r.count("content-length") == 1) {
    std::size_t length = 0;
    if (!whole_number(r.header("content-length"), length)) {
      r.malformed = "want digits in Content-Length, got: " + std::string(r.header("content-length"));
    } else if (rest.size() < length) {
      return std::nullopt;
    } else {
      taken = length;
      r.body = rest.substr(0, length);
    }
  } else {
    taken = 0;
  }
  r.raw_body = rest.substr(0, taken);
  return std::pair{std::move(r), head_end + 4 + taken};
}

bool wants_continue(std::string_view bytes) noexcept {
  constexpr std::string_view name = "\r\nexpect:";
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || bytes.size() != end + 4) return false;
  return std::search(bytes.begin(), bytes.end(), name.begin(), name.end(), [](char a, char b) { return lower(a) == b; }) != bytes.end();
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() && whole_number(text.substr(i + 1, 2), code, 16)) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace naru::mock
