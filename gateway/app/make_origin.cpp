#include "gateway/app/make_origin.hpp"

#include <openssl/evp.h>

#include "gateway/net/client/origin.hpp"
#include "gateway/net/tls_context.hpp"

namespace naru::app {
namespace {

/// RFC 7617: "user:password" to the value of Proxy-Authorization.
std::string basic(std::string_view credentials) {
  std::string out(4 * ((credentials.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(credentials.data()),
                                static_cast<int>(credentials.size()));
  out.resize(static_cast<std::size_t>(n));
  return "Basic " + out;
}

}  // namespace

result<std::shared_ptr<const net::client::origin>> make_origin(const config::provider& p, const std::string& socket) {
  auto made = std::make_shared<net::client::origin>();
  if (!p.to) {
    made->host = "localhost";
    made->unix_path = p.local && !p.local->socket.empty() ? p.local->socket : socket;
    return std::shared_ptr<const net::client::origin>(std::move(made));
  }
  made->host = p.to->host;
  made->port = p.to->port;
  if (p.to->tls) {
    auto tls = net::tls_client_context::load({.ca_file = p.tls_ca});
    if (!tls) {
      error e = std::move(tls.error());
      e.field = "providers." + p.name + ".tls.ca";
      return fail(std::move(e));
    }
    made->tls = std::move(*tls);
  }
  if (p.proxy) {
    net::client::proxy via;
    via.host = p.proxy->host;
    via.port = p.proxy->port;
    if (p.proxy->credentials) via.authorization = basic(p.proxy->credentials->reveal());
    made->via = std::move(via);
  }
  return std::shared_ptr<const net::client::origin>(std::move(made));
}

}  // namespace naru::app
