#include "gateway/net/client/origin.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::client {
namespace {

std::string bracketed(const std::string& host) { return host.find(':') == host.npos ? host : "[" + host + "]"; }

std::unexpected<error> refused(std::string message) { return fail(error_code::bad_request, std::move(message), "base_url"); }

}  // namespace

std::string origin::host_and_port() const { return bracketed(host) + ":" + std::to_string(port); }

std::string origin::authority() const {
  if (!unix_path.empty()) return "localhost";
  return port == (tls ? 443 : 80) ? bracketed(host) : host_and_port();
}

result<base_url> parse_base_url(std::string_view url) {
  base_url out;
  const std::size_t scheme = url.find("://");
  const std::string_view name = url.substr(0, std::min(scheme, url.size()));
  if (scheme == url.npos || (!http::same_text(name, "http") && !http::same_text(name, "https"))) {
    return refused("want http://host[:port][/path] or https://host[:port][/path]");
  }
  out.https = name.size() == 5;
  out.port = out.https ? 443 : 80;
  url.remove_prefix(scheme + 3);
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, slash);
  std::string_view path = url.substr(slash);
  if (!http::is_authority(authority)) return refused("want a host name or address, and no user or password, behind the scheme");
  if (std::ranges::any_of(path, [](char c) { return c <= 0x20 || c >= 0x7f || c == '?' || c == '#'; })) {
    return refused("want a path of visible ASCII without '?' and '#'");
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  out.path = path;

  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  std::string_view host = has_port ? authority.substr(0, colon) : authority;
  if (has_port) {
    const auto [end, ec] = std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), out.port);
    if (ec != std::errc{} || out.port == 0) return refused("want a port of 1..65535");
  }
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  out.host = host;
  return out;
}

}  // namespace naru::net::client
