#pragma once
#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "gateway/net/request.hpp"

/// What is refused before a body is read: checks over a request's head alone. Pure.
namespace naru::api {

/// Without callers anybody who reaches the listener is served, so only this machine may, and no web page on it: the peer and the
/// Host must be loopback, a cross-site Origin or Sec-Fetch-Site is refused (DNS rebinding and forged requests from a browser).
[[nodiscard]] std::optional<error> check_open_door(const net::request& r);

/// 415 unless the body comes as application/json (charset utf-8 if any) and unencoded. A web form cannot send that without asking.
[[nodiscard]] std::optional<error> check_json_body(const net::request& r);

/// Whether the host of "localhost", "127.0.0.1:8080", "[::1]:80" is a loopback name or address.
[[nodiscard]] bool is_loopback_host(std::string_view authority) noexcept;

}  // namespace naru::api
