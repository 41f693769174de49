#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/error.hpp"

/// Coroutines of a shard. The executor is the concrete one everywhere: `any_io_executor` costs 8 % on a request's way.
namespace naru::net {

namespace asio = boost::asio;

using executor = asio::io_context::executor_type;

/// A coroutine that ends with a value or an error. Exceptions are for broken invariants only.
template <class T = void>
using task = asio::awaitable<result<T>, executor>;

}  // namespace naru::net
