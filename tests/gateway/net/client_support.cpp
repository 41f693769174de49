#include "tests/gateway/net/client_support.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace client_test {
namespace {

std::uint16_t port_of(int fd, int (*name)(int, sockaddr*, socklen_t*)) {
  sockaddr_in a{};
  socklen_t length = sizeof a;
  return name(fd, reinterpret_cast<sockaddr*>(&a), &length) == 0 ? ntohs(a.sin_port) : std::uint16_t{0};
}

/// Bytes in the receive queue of the other end of a loopback connection, as the kernel counts them (proc(5), /proc/net/tcp); 0 when that
/// end is closed.
std::size_t unread_by_other_end(int fd) {
  const unsigned other = port_of(fd, ::getpeername), own = port_of(fd, ::getsockname);
  std::ifstream table{"/proc/net/tcp"};
  std::string line;
  while (std::getline(table, line)) {
    unsigned local = 0, remote = 0, received = 0;
    if (std::sscanf(line.c_str(), " %*u: %*8x:%4x %*8x:%4x %*2x %*8x:%8x", &local, &remote, &received) != 3) continue;
    if (local == other && remote == own) return received;
  }
  return 0;
}

}  // namespace

// The server's end ----------------------------------------------------------------------------------------------------------------

peer::~peer() { close(); }

void peer::close() {
  if (ssl_ != nullptr) {
    SSL_shutdown(static_cast<SSL*>(ssl_));
    SSL_free(static_cast<SSL*>(ssl_));
    ERR_clear_error();
  }
  ssl_ = nullptr;
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool peer::start_tls(const certificates& c) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_chain_file(context, c.cert_file.c_str());
  SSL_CTX_use_PrivateKey_file(context, c.key_file.c_str(), SSL_FILETYPE_PEM);
  SSL* ssl = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl, fd_);
  const bool done = SSL_accept(ssl) == 1;
  ERR_clear_error();
  if (done) {
    ssl_ = ssl;
  } else {
    SSL_free(ssl);
  }
  return done;
}

long peer::read_some(char* into, std::size_t n) {
  if (ssl_ == nullptr) return ::recv(fd_, into, n, 0);
  const int got = SSL_read(static_cast<SSL*>(ssl_), into, static_cast<int>(n));
  ERR_clear_error();
  return got;
}

std::string peer::read_until(std::function<bool(const std::string&)> enough) {
  std::string text;
  char buffer[65536];
  while (!enough(text)) {
    const long n = read_some(buffer, ssl_ == nullptr && text.find("\r\n\r\n") == text.npos ? 1 : sizeof buffer);
    if (n <= 0) break;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

std::string peer::read_head() {
  return read_until([](const std::string& t) { return t.find("\r\n\r\n") != t.npos; });
}

std::string peer::read_request() {
  return read_until([](const std::string& t) {
    const std::size_t end = t.find("\r\n\r\n");
    if (end == t.npos) return false;
    const std::size_t length = t.find("content-length: ");
    return length == t.npos || t.size() >= end + 4 + std::stoul(t.substr(length + 16));
  });
}

void peer::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = ssl_ != nullptr ? SSL_write(static_cast<SSL*>(ssl_), bytes.data(), static_cast<int>(bytes.size()))
                                   : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void peer::say_slowly(std::string_view bytes) {
  for (const char c : bytes) say({&c, 1});
}

void peer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (ssl_ != nullptr) SSL_free(static_cast<SSL*>(ssl_));
  ssl_ = nullptr;
  close();
}

bool peer::closes_within(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  char buffer[4096];
  do {
    pollfd p{fd_, POLLIN, 0};
    if (::poll(&p, 1, 10) <= 0) continue;
    if (::recv(fd_, buffer, sizeof buffer, 0) <= 0) return true;
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

bool peer::client_speaks() {
  pollfd p{fd_, POLLIN, 0};
  return ::poll(&p, 1, 5000) == 1;
}

bool peer::client_has_received() {
  return eventually([this] {
    int unacknowledged = 0;
    return ::ioctl(fd_, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged == 0;
  });
}

bool peer::client_has_read() {
  return client_has_received() && eventually([this] { return unread_by_other_end(fd_) == 0; });
}

std::size_t peer::flood(std::size_t limit) {
  const std::string block(65536, 'x');
  std::size_t sent = 0;
  while (sent < limit) {
    pollfd p{fd_, POLLOUT, 0};
    if (::poll(&p, 1, 300) <= 0) break;
    const long n = ::send(fd_, block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  return sent;
}

script answer(std::string bytes) {
  return [bytes = std::move(bytes)](peer& p) {
    p.read_request();
    p.say(bytes);
  };
}

std::string gzipped(const std::string& text, int window) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string with_length(const std::string& headers, const std::string& body) {
  return "HTTP/1.1 200 OK\r\n" + headers + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

scripted_server::scripted_server(std::vector<script> scripts) : scripts_(std::move(scripts)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own BIO writes without MSG_NOSIGNAL
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof a;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&a), length) != 0 || ::listen(listener_, 1024) != 0) throw std::runtime_error("listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &length);
  port_ = ntohs(a.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

void scripted_server::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval longest{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    const std::lock_guard lock{mutex_};
    const script& s = scripts_[std::min(connections_++, scripts_.size() - 1)];
    threads_.emplace_back([fd, &s, this] {
      {
        peer p{fd};
        s(p);
      }
      ++finished_;
    });
  }
}

scripted_server::~scripted_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& t : threads_) t.join();
}

std::size_t scripted_server::connections() {
  const std::lock_guard lock{mutex_};
  return connections_;
}

std::shared_ptr<client::origin> scripted_server::origin(const std::string& host) const {
  auto o = std::make_shared<client::origin>();
  o->host = host;
  o->port = port_;
  return o;
}

// The client's end ----------------------------------------------------------------------------------------------------------------

bench::bench(client::pool_options options, client::dns_options dns, std::unique_ptr<net::clock> time)
    : shard_(time ? net::shard(0, std::move(time)) : net::shard(0)),
      names_(std::make_shared<client::resolver>(shard_, std::move(dns))),
      pool_(std::make_unique<client::pool>(shard_, client::make_connector(shard_, names_), options)) {
  shard_.start();
}

bench::~bench() {
  run([this]() -> net::asio::awaitable<void, net::executor> {
    pool_.reset();
    names_.reset();
    co_return;
  });
  shard_.stop();
  shard_.join();
}

void bench::run(std::function<net::asio::awaitable<void, net::executor>()> work) {
  auto done = std::make_shared<std::promise<void>>();
  auto over = done->get_future();
  const auto whole = [](std::function<net::asio::awaitable<void, net::executor>()> w,
                        std::shared_ptr<std::promise<void>> d) -> net::asio::awaitable<void, net::executor> {
    try {
      co_await w();
      d->set_value();
    } catch (...) {
      d->set_exception(std::current_exception());
    }
  };
  shard_.post([this, whole, work = std::move(work), done] { shard_.spawn(whole(work, done)); });
  over.get();
}

client::pool_counts bench::counts() {
  client::pool_counts c;
  run([&]() -> net::asio::awaitable<void, net::executor> {
    c = pool_->counts();
    co_return;
  });
  return c;
}

outcome fetch(bench& b, std::shared_ptr<const client::origin> to, client::timeouts limits, std::string body) {
  outcome o;
  b.run([&]() -> net::asio::awaitable<void, net::executor> {
    auto x = b.pool().open(to);
    const std::string_view pieces[]{body};
    const net::http::header headers[]{{"content-type", "application/json"}};
    client::outgoing request;
    request.path = "/v1/test";
    request.headers = headers;
    request.body = pieces;
    auto head = co_await x.send(request, limits);
    o.reused = x.reused();
    if (!head) {
      o.told = "error:" + head.error().reason;
      o.message = head.error().message;
      co_return;
    }
    o.told = std::to_string(head->status) + ":";
    for (;;) {
      auto piece = co_await x.read_body();
      if (!piece) {
        o.told += "|error:" + piece.error().reason;
        o.message = piece.error().message;
        co_return;
      }
      if (piece->empty()) co_return;
      o.told += *piece;
    }
  });
  return o;
}

std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& f : std::filesystem::directory_iterator{"/proc/self/fd"}) ++n;
  return n;
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace client_test
