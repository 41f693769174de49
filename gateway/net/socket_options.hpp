#pragma once

namespace naru::net {

/// Makes `fd` non-blocking, close-on-exec and, where it is TCP, TCP_NODELAY (Nagle and delayed acknowledgements together hold
/// a small stream event back for 40 ms). A connection that has died meanwhile refuses these; its next read says so.
void prepare_socket(int fd) noexcept;

}  // namespace naru::net
