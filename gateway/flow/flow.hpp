#pragma once
#include "gateway/flow/exchange.hpp"
#include "gateway/net/request.hpp"
#include "gateway/net/response.hpp"
#include "providers/dialects/dialect.hpp"

namespace naru::flow {

/// Serves one request of a client that speaks `dialect`, from the first step to the last. Runs on the connection's shard; returns
/// when the client has its answer or its error, and everything has been counted. Throws only what is a bug.
net::asio::awaitable<void, net::executor> serve(services& s, std::shared_ptr<net::request> request, net::response& response,
                                                const dialects::client_dialect& dialect, arrival how);

}  // namespace naru::flow
