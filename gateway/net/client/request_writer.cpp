#include "gateway/net/client/request_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/net/http/head_writer.hpp"

namespace naru::net::client {
namespace {

bool is_set_here(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> names{"host", "content-length", "transfer-encoding", "connection", "accept-encoding"};
  return std::ranges::any_of(names, [name](std::string_view n) { return http::same_text(n, name); });
}

std::unexpected<error> unwritable(std::string what) {
  return fail(error_code::internal, fmt::format("a request to an upstream cannot be written: {}", what), {}, "bad_request_head");
}

}  // namespace

result<std::string> write_request_head(const outgoing& request, const origin& to) {
  std::size_t size = 0;
  for (const std::string_view piece : request.body) size += piece.size();
  std::string head;
  head.reserve(512);
  http::head_writer writer{head};
  if (!writer.request(request.method, request.path)) return unwritable("its method or path");
  const std::string own_host = request.host.empty() ? to.authority() : std::string{};
  const std::string_view host = request.host.empty() ? std::string_view{own_host} : request.host;
  if (!http::is_authority(host) || !writer.header("host", host)) return unwritable("its host");
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const http::header& h = request.headers[i];
    if (is_set_here(h.name) || !writer.header(h.name, h.value)) return unwritable(fmt::format("header {}", i));
  }
  if (!writer.header("accept-encoding", "identity")) return unwritable("accept-encoding");
  // A method that may have a body says so even when it is empty (RFC 9110 §8.6).
  const bool may_have_body = request.method != "GET" && request.method != "HEAD" && request.method != "DELETE";
  if (size != 0 || may_have_body) writer.header("content-length", size);
  writer.end();
  return head;
}

}  // namespace naru::net::client
