#pragma once
#include <chrono>
#include <optional>

#include "core/error.hpp"
#include "gateway/net/request.hpp"

namespace naru::flow {

/// How long a client waits, as it says so itself; measured from its request. It only ever shortens our own deadline.
struct client_patience {
  std::optional<std::chrono::milliseconds> whole;    ///< for the end of the answer
  std::optional<std::chrono::milliseconds> content;  ///< for its beginning; a stream that has begun may go on

  /// A little sooner than it says, so that our 504 is there before its own patience ends: a twentieth, 20 ms to 500 ms.
  [[nodiscard]] static std::chrono::milliseconds in_time(std::chrono::milliseconds said) noexcept;
};

/// Reads the headers by which clients and proxies say so; of several the shortest holds.
///
///   x-naru-timeout: 30s | 800ms                  whole     ours
///   grpc-timeout: 800m                           whole     gRPC's form: up to 8 digits and H, M, S, m, u or n
///   x-request-timeout-ms: 800                    whole
///   x-envoy-expected-rq-timeout-ms: 800          whole     what Envoy will wait
///   x-stainless-timeout: 600                     content   seconds; the official SDKs stop their clock at the head of a stream
///   x-stainless-read-timeout: 600.0              content   seconds between two reads: pings keep a stream alive from there on
///
/// What is not understood, and 0 (the SDKs' seconds are cut to whole ones), says nothing, but in x-naru-timeout, which is for us alone:
/// Errors: bad_request, field "x-naru-timeout".
[[nodiscard]] result<client_patience> read_patience(const net::request& r);

}  // namespace naru::flow
