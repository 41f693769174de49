#include "gateway/net/socket_bio.hpp"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <new>

namespace naru::net {
namespace {

int fd_of(BIO* bio) noexcept { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool retry(int number) noexcept { return number == EAGAIN || number == EWOULDBLOCK || number == EINTR; }

int read(BIO* bio, char* into, std::size_t size, std::size_t* got) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::recv(fd_of(bio), into, size, 0);
  *got = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (n < 0 && retry(errno)) BIO_set_retry_read(bio);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return n > 0 ? 1 : 0;
}

int write(BIO* bio, const char* from, std::size_t size, std::size_t* put) {
  BIO_clear_retry_flags(bio);
  const ssize_t n = ::send(fd_of(bio), from, size, MSG_NOSIGNAL);
  *put = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (n < 0 && retry(errno)) BIO_set_retry_write(bio);
  return n > 0 ? 1 : 0;
}

long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_FLUSH) return 1;  // nothing is held back here
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

const BIO_METHOD* method() {
  static const BIO_METHOD* const made = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "naru socket");
    if (m == nullptr) throw std::bad_alloc{};
    BIO_meth_set_read_ex(m, read);
    BIO_meth_set_write_ex(m, write);
    BIO_meth_set_ctrl(m, control);
    return m;
  }();
  return made;
}

}  // namespace

bio_st* make_socket_bio(int fd) {
  BIO* bio = BIO_new(method());
  if (bio == nullptr) throw std::bad_alloc{};
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace naru::net
