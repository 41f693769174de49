#include "gateway/api/door.hpp"

#include <algorithm>

#include "gateway/net/http/syntax.hpp"

namespace naru::api {
namespace {

std::string_view host_of(std::string_view authority) noexcept {
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view behind = authority.substr(close + 1);
    return behind.empty() || behind.front() == ':' ? authority.substr(1, close - 1) : std::string_view{};
  }
  return authority.substr(0, authority.find(':'));
}

bool is_ipv4_loopback(std::string_view host) noexcept {
  if (!host.starts_with("127.")) return false;
  return std::count(host.begin(), host.end(), '.') == 3 &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

/// Value of a parameter of a media type, without quotes; empty when it is not there.
std::string_view media_parameter(std::string_view type, std::string_view name) noexcept {
  for (std::size_t at = type.find(';'); at != std::string_view::npos;) {
    type.remove_prefix(at + 1);
    at = type.find(';');
    const std::string_view one = type.substr(0, at);
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos || !net::http::same_text(net::http::trim_blanks(one.substr(0, equals)), name)) continue;
    std::string_view value = net::http::trim_blanks(one.substr(equals + 1));
    if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

/// "http://localhost:3000" to its authority; empty when it is no http origin ("null", an extension).
std::string_view authority_of_origin(std::string_view origin) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

}  // namespace

bool is_loopback_host(std::string_view authority) noexcept {
  const std::string_view host = host_of(authority);
  return net::http::same_text(host, "localhost") || host == "::1" || is_ipv4_loopback(host);
}

std::optional<error> check_open_door(const net::request& r) {
  if (!r.peer_is_loopback) {
    return error{error_code::forbidden, "no callers are configured, so only this machine is served", {}, "loopback_only", {}};
  }
  if (!r.host.empty() && !is_loopback_host(r.host)) {
    return error{
        error_code::forbidden, "no callers are configured, so the Host must be a loopback name or address", {}, "loopback_only", {}};
  }
  const std::string_view origin = r.find("origin");
  if (origin.data() != nullptr && !is_loopback_host(authority_of_origin(origin))) {
    return error{
        error_code::forbidden, "a web page from elsewhere may not use this gateway without callers configured", {}, "cross_site", {}};
  }
  if (r.find("sec-fetch-site") == "cross-site") {
    return error{
        error_code::forbidden, "a web page from elsewhere may not use this gateway without callers configured", {}, "cross_site", {}};
  }
  return std::nullopt;
}

std::optional<error> check_json_body(const net::request& r) {
  const std::string_view type = r.find("content-type");
  const std::string_view media = net::http::trim_blanks(type.substr(0, type.find(';')));
  if (!net::http::same_text(media, "application/json")) {
    return error{error_code::unsupported_media, "want content-type: application/json", "content-type", {}, {}};
  }
  if (const std::string_view charset = media_parameter(type, "charset"); !charset.empty() && !net::http::same_text(charset, "utf-8")) {
    return error{error_code::unsupported_media, "want charset utf-8, as JSON has no other", "content-type", {}, {}};
  }
  const std::string_view encoding = r.find("content-encoding");
  if (encoding.data() != nullptr && !net::http::same_text(encoding, "identity")) {
    return error{error_code::unsupported_media, "want the body without content-encoding", "content-encoding", {}, {}};
  }
  return std::nullopt;
}

}  // namespace naru::api
