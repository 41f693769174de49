#include "load_tests/loadgen/run.hpp"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "load_tests/loadgen/response_reader.hpp"

namespace naru::load {
namespace {

using std::chrono::steady_clock;
using time_point = steady_clock::time_point;

constexpr std::uint64_t most_errors = 1000;

struct ssl_free {
  void operator()(SSL* s) const noexcept { SSL_free(s); }
  void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};

struct connection {
  int fd = -1;
  std::unique_ptr<SSL, ssl_free> tls;
  std::size_t sent = 0;
  time_point asked;
  response_reader reader;
  bool first_event = false;
  bool armed = false;  ///< EPOLLOUT is asked for
};

class runner {
 public:
  explicit runner(const job& j) : job_(j), buffer_(new char[buffer_size]) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    if (job_.to.tls) make_tls();
    connections_.resize(job_.connections);
  }
  ~runner() {
    for (auto& c : connections_) close(c);
    ::close(epoll_);
  }
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;

  outcome play() {
    begun_ = steady_clock::now();
    counted_from_ = begun_ + job_.warm_up;
    for (auto& c : connections_) ask(c);
    const time_point end = counted_from_ + job_.time;
    while (true) {
      const time_point now = steady_clock::now();
      if (now >= end || (job_.requests > 0 && out_.answers >= job_.requests)) break;
      if (out_.errors > most_errors + out_.answers) throw std::runtime_error("more errors than answers: giving up");
      turn(std::chrono::ceil<std::chrono::milliseconds>(end - now));
    }
    out_.seconds = std::chrono::duration<double>(steady_clock::now() - std::min(counted_from_, steady_clock::now())).count();
    for (const auto& c : connections_) out_.held += job_.idle && c.fd >= 0 && c.first_event ? 1 : 0;
    return std::move(out_);
  }

 private:
  static constexpr std::size_t buffer_size = 1 << 18;

  void make_tls() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (job_.ca.empty()) return;
    if (SSL_CTX_load_verify_locations(context_.get(), job_.ca.c_str(), nullptr) != 1)
      throw std::runtime_error("no PEM certificates in " + job_.ca);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }

  void turn(std::chrono::milliseconds wait) {
    epoll_event events[256];
    const int n = ::epoll_wait(epoll_, events, 256, static_cast<int>(std::min<std::int64_t>(wait.count(), 1000)));
    if (n < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
    for (int i = 0; i < n; ++i) {
      connection& c = connections_[events[i].data.u32];
      if (c.sent < job_.request.size()) write(c);
      if (c.fd >= 0 && (events[i].events & ~static_cast<unsigned>(EPOLLOUT)) != 0) read(c);
    }
  }

  void open(connection& c) {
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c.fd < 0) throw std::system_error(errno, std::generic_category(), "socket");
    const int on = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(c.fd, reinterpret_cast<const sockaddr*>(&job_.to.address), sizeof job_.to.address) != 0 && errno != EINPROGRESS) {
      throw std::system_error(errno, std::generic_category(), "connect to " + job_.to.host);
    }
    if (context_) {
      c.tls.reset(SSL_new(context_.get()));
      SSL_set_fd(c.tls.get(), c.fd);
      SSL_set_connect_state(c.tls.get());
      SSL_set1_host(c.tls.get(), "localhost");
      SSL_set_tlsext_host_name(c.tls.get(), "localhost");
    }
    watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
  }

  void watch(connection& c, unsigned what, int how) {
    c.armed = (what & EPOLLOUT) != 0;
    epoll_event e{};
    e.events = what;
    e.data.u32 = static_cast<std::uint32_t>(&c - connections_.data());
    ::epoll_ctl(epoll_, how, c.fd, &e);
  }

  void close(connection& c) {
    if (c.fd < 0) return;
    c.tls.reset();
    ::close(c.fd);
    c.fd = -1;
  }

  void ask(connection& c) {
    c.sent = 0;
    c.reader.begin();
    c.first_event = false;
    c.asked = steady_clock::now();
    if (c.fd < 0)
      open(c);  // is written when the connection stands
    else
      write(c);
  }

  void write(connection& c) {
    const std::string_view rest = std::string_view(job_.request).substr(c.sent);
    ssize_t n = 0;
    if (c.tls) {
      ERR_clear_error();
      n = SSL_write(c.tls.get(), rest.data(), static_cast<int>(rest.size()));
      if (n <= 0 && again(c, static_cast<int>(n))) return;
    } else {
      n = ::send(c.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EAGAIN) {
        watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        return;
      }
    }
    if (n <= 0) return failed(c);
    c.sent += static_cast<std::size_t>(n);
    if (c.sent == job_.request.size() && c.armed) watch(c, EPOLLIN, EPOLL_CTL_MOD);
  }

  bool again(connection& c, int n) {
    const int why = SSL_get_error(c.tls.get(), n);
    if (why == SSL_ERROR_WANT_READ) watch(c, EPOLLIN, EPOLL_CTL_MOD);
    if (why == SSL_ERROR_WANT_WRITE) watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
  }

  void read(connection& c) {
    while (c.fd >= 0) {
      ssize_t n = 0;
      if (c.tls) {
        ERR_clear_error();
        n = SSL_read(c.tls.get(), buffer_.get(), buffer_size);
        if (n <= 0 && again(c, static_cast<int>(n))) return c.sent < job_.request.size() ? write_after_handshake(c) : void();
      } else {
        n = ::recv(c.fd, buffer_.get(), buffer_size, 0);
        if (n < 0 && errno == EAGAIN) return;
      }
      if (n <= 0) return failed(c);
      const bool more = c.tls || static_cast<std::size_t>(n) == buffer_size;
      const std::uint64_t events = c.reader.events();
      const auto progress = c.reader.feed({buffer_.get(), static_cast<std::size_t>(n)});
      count_events(c, c.reader.events() - events);
      if (progress == response_reader::progress::broken) return failed(c);
      if (progress == response_reader::progress::done) return done(c);
      if (!more) return;
    }
  }

  void write_after_handshake(connection& c) {
    if (SSL_is_init_finished(c.tls.get())) write(c);
  }

  void count_events(connection& c, std::uint64_t n) {
    if (n == 0) return;
    const time_point now = steady_clock::now();
    if (now < counted_from_) return;
    out_.events += n;
    if (!c.first_event) out_.first_event_us.push_back(since(c.asked, now));
    c.first_event = true;
  }

  static std::uint32_t since(time_point from, time_point to) {
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(to - from).count());
  }

  void done(connection& c) {
    const time_point now = steady_clock::now();
    if (c.reader.status() != 200 || c.reader.saw_error()) {
      ++out_.errors;
    } else if (now >= counted_from_) {
      ++out_.answers;
      out_.body_bytes += c.reader.body_bytes();
      out_.latencies_us.push_back(since(c.asked, now));
    }
    if (!c.reader.may_be_reused()) close(c);
    ask(c);
  }

  void failed(connection& c) {
    ++out_.errors;
    close(c);
    if (!job_.idle) ask(c);
  }

  const job& job_;
  std::unique_ptr<char[]> buffer_;
  std::unique_ptr<SSL_CTX, ssl_free> context_;
  int epoll_ = -1;
  std::vector<connection> connections_;
  time_point begun_, counted_from_;
  outcome out_;
};

}  // namespace

outcome run(const job& j) { return runner(j).play(); }

}  // namespace naru::load
