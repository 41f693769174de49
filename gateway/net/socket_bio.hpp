#pragma once

struct bio_st;

namespace naru::net {

/// A BIO on a non-blocking socket that somebody else closes. OpenSSL's own (SSL_set_fd) writes by write(2), which raises SIGPIPE when the
/// client has gone; this one sends with MSG_NOSIGNAL, so that no library has to change the process's signals.
[[nodiscard]] bio_st* make_socket_bio(int fd);

}  // namespace naru::net
