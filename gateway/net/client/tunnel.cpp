#include "gateway/net/client/tunnel.hpp"

#include <fmt/format.h>

#include <array>

#include "gateway/net/http/head_writer.hpp"
#include "gateway/net/http/response_head.hpp"

namespace naru::net::client {
namespace {

constexpr std::size_t most_head = 16 * 1024;

result<std::string> connect_head(const proxy& via, const std::string& target) {
  std::string head;
  http::head_writer writer{head};
  const bool written = writer.request("CONNECT", target) && writer.header("host", target) &&
                       (via.authorization.empty() || writer.header("proxy-authorization", via.authorization));
  if (!written) return fail(failure_of(reasons::proxy, "the target or the proxy's credentials cannot be written into a head"));
  writer.end();
  return head;
}

/// @return whether the proxy has said yes; false: more is to be read
result<bool> said_yes(http::response_head_parser& parser, const std::string& received) {
  http::response_head head;
  const http::progress p = parser.parse(received, head);
  if (p == http::progress::need_more) return false;
  if (p == http::progress::refused) return fail(failure_of(reasons::proxy, fmt::format("the proxy's answer: {}", parser.why().message)));
  if (head.status == 407) return fail(failure_of(reasons::proxy, "the proxy wants other credentials (407)"));
  if (head.status / 100 != 2) return fail(failure_of(reasons::proxy, fmt::format("the proxy refused the tunnel ({})", head.status)));
  // We speak first in the tunnel, in TLS and in HTTP: what came already is not the target's.
  if (parser.consumed() != received.size()) return fail(failure_of(reasons::proxy, "the proxy sent bytes before the tunnel was used"));
  return true;
}

/// A stream's error in the proxy's words.
error lost(const error& e, const breaker& stop) {
  return stop.tripped() ? stop.why() : failure_of(reasons::proxy, "the connection to the proxy was lost: " + e.message);
}

}  // namespace

task<> open_tunnel(stream& s, const proxy& via, std::string target, breaker& stop) {
  auto asked = connect_head(via, target);
  if (!asked) co_return fail(std::move(asked.error()));
  const breaker::waiting woken{stop, [&s] { s.close(); }};
  if (auto sent = co_await write_all(s, *asked); !sent) co_return fail(lost(sent.error(), stop));

  http::response_head_parser parser{{most_head, http::max_headers}, true};
  std::string received;
  for (;;) {
    if (auto ready = co_await s.wait_readable(); !ready) co_return fail(lost(ready.error(), stop));
    std::array<char, 1024> bytes;
    const auto n = s.try_read(bytes);
    if (!n) co_return fail(lost(n.error(), stop));
    if (*n == stream::would_block) continue;
    if (*n == 0) co_return fail(failure_of(reasons::proxy, "the proxy closed the connection"));
    received.append(bytes.data(), *n);
    auto yes = said_yes(parser, received);
    if (!yes) co_return fail(std::move(yes.error()));
    if (*yes) co_return result<void>{};
  }
}

}  // namespace naru::net::client
