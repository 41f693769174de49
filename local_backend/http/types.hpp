#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>

/// The I/O types of the worker's HTTP side: one thread, one io_context.
namespace naru::local_backend {

namespace asio = boost::asio;
namespace beast = boost::beast;

using executor = asio::io_context::executor_type;
template <class T>
using task = asio::awaitable<T, executor>;
/// `auto [ec, n] = co_await op(..., use);` no operation throws.
inline constexpr auto use = asio::as_tuple(asio::use_awaitable_t<executor>{});
/// A client's connection, by Unix socket or TCP.
using stream = beast::basic_stream<asio::generic::stream_protocol, executor>;

}  // namespace naru::local_backend
