#include "gateway/net/client/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::client {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '%') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned value = 0;
    if (text.size() < 3) return std::nullopt;
    const auto [end, ec] = std::from_chars(text.data() + 1, text.data() + 3, value, 16);
    if (ec != std::errc{} || end != text.data() + 3) return std::nullopt;
    out += static_cast<char>(value);
    text.remove_prefix(3);
  }
  return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (ec != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// "host:80", "[::1]:80", "::1", "host" to host and the text of the port.
std::pair<std::string_view, std::string_view> split_port(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    const std::size_t close = std::min(text.find(']'), text.size());
    const std::string_view rest = text.substr(std::min(close + 1, text.size()));
    return {text.substr(1, close - 1), rest.starts_with(':') ? rest.substr(1) : std::string_view{}};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || text.find(':') != colon) return {text, {}};  // two colons: a bare IPv6 address
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::unexpected<error> refused() { return fail(error_code::bad_request, "want a proxy as http://[user:password@]host[:port]", "proxy"); }

}  // namespace

result<proxy> parse_proxy(std::string_view url) {
  proxy p;
  if (const std::size_t scheme = url.find("://"); scheme != url.npos) {
    if (!http::same_text(url.substr(0, scheme), "http")) return refused();
    url.remove_prefix(scheme + 3);
    p.port = 80;
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  if (const std::size_t at = url.rfind('@'); at != url.npos) {
    const auto credentials = percent_decoded(url.substr(0, at));
    if (!credentials) return refused();
    // A colon is added where there is none: RFC 7617 has always one between user and password.
    const bool has_colon = url.substr(0, at).find(':') != url.npos;
    p.authorization = "Basic " + base64(has_colon ? *credentials : *credentials + ":");
    url.remove_prefix(at + 1);
  }
  if (!http::is_authority(url)) return refused();
  const auto [host, port] = split_port(url);
  p.host = host;
  if (!port.empty()) {
    const auto number = parse_port(port);
    if (!number) return refused();
    p.port = *number;
  }
  return p;
}

no_proxy::no_proxy(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    auto [name, port] = split_port(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (name.starts_with("*.")) name.remove_prefix(1);
    if (name.starts_with('.')) name.remove_prefix(1);
    if (name.empty()) continue;
    const auto number = port.empty() ? std::optional<std::uint16_t>{0} : parse_port(port);
    if (number) entries_.push_back({lower(name), *number});
  }
}

bool no_proxy::matches(std::string_view host, std::uint16_t port) const noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return std::ranges::any_of(entries_, [&](const entry& e) {
    if (e.port != 0 && e.port != port) return false;
    if (e.name == "*" || http::same_text(host, e.name)) return true;
    return host.size() > e.name.size() && host[host.size() - e.name.size() - 1] == '.' &&
           http::same_text(host.substr(host.size() - e.name.size()), e.name);
  });
}

}  // namespace naru::net::client
