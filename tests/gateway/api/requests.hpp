#pragma once
#include <initializer_list>
#include <string_view>

#include "gateway/net/request.hpp"

namespace naru::api::test {

/// Fills in a request that no connection has read. Views: the texts outlive it.
inline void fill(net::request& r, std::string_view method, std::string_view path, std::initializer_list<net::header> headers = {},
                 std::string_view host = "localhost:8080", bool loopback = true) {
  r.method = method;
  r.target = r.path = path;
  r.headers.assign(headers);
  r.host = host;
  r.peer = loopback ? "127.0.0.1" : "192.0.2.7";
  r.peer_is_loopback = loopback;
}

}  // namespace naru::api::test
