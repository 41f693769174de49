#pragma once
#include "gateway/net/shard.hpp"
#include "gateway/net/stream.hpp"

namespace naru::net {

/// A TCP or Unix connection as it is.
/// @param fd  connected, owned from here on; made non-blocking, close-on-exec and (TCP) TCP_NODELAY here, so any socket will do
/// Thread: `home`'s, which is also where the stream lives and dies. Cost when idle: about 500 bytes here, no buffer.
[[nodiscard]] stream_ptr make_plain_stream(shard& home, int fd);

}  // namespace naru::net
