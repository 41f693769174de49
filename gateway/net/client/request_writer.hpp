#pragma once
#include <string>

#include "gateway/net/client/exchange.hpp"

namespace naru::net::client {

/// The head of a request as text. No I/O.
/// Errors: internal, naming the header's place (not its value): one that is set here, or that HTTP cannot carry.
[[nodiscard]] result<std::string> write_request_head(const outgoing& request, const origin& to);

}  // namespace naru::net::client
