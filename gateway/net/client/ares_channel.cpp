#include "gateway/net/client/ares_channel.hpp"

#include <ares.h>
#include <fmt/format.h>
#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/time.h>

#include <algorithm>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstring>
#include <utility>

#include "gateway/net/client/failures.hpp"

namespace naru::net::client {
namespace {

constexpr int no_socket = ARES_SOCKET_BAD;

/// The library's own start, once a process; it holds nothing that would have to be given back.
int library_status() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

/// What c-ares carries from a question to its answer.
struct question {
  std::string host;
  ares_channel::callback done;
};

result<dns_answer> read_answer(const std::string& host, int status, const ares_addrinfo* info) {
  const auto failed = [&](std::string_view why) { return fail(failure_of(reasons::dns, fmt::format("look-up of {}: {}", host, why))); };
  if (status != ARES_SUCCESS) return failed(ares_strerror(status));
  dns_answer answer;
  int ttl = std::numeric_limits<int>::max();
  for (const ares_addrinfo_cname* c = info->cnames; c != nullptr; c = c->next) ttl = std::min(ttl, c->ttl);
  for (const ares_addrinfo_node* n = info->nodes; n != nullptr; n = n->ai_next) {
    if (n->ai_addr == nullptr || n->ai_addrlen > sizeof(sockaddr_storage)) continue;
    ttl = std::min(ttl, n->ai_ttl);
    socket_address a;
    std::memcpy(&a.storage, n->ai_addr, n->ai_addrlen);
    a.length = n->ai_addrlen;
    answer.addresses.push_back(a);
  }
  if (answer.addresses.empty()) return failed("no address");
  answer.ttl = std::chrono::seconds{std::max(ttl, 0)};
  return answer;
}

void on_answer(void* argument, int status, int /*timeouts*/, ares_addrinfo* info) {
  const std::unique_ptr<question> q{static_cast<question*>(argument)};
  const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned{info, &ares_freeaddrinfo};
  q->done(read_answer(q->host, status, info));
}

}  // namespace

/// One socket of c-ares. It belongs to c-ares, which closes it: here it is only waited for, and let go before that.
struct ares_channel::watch {
  explicit watch(shard& home) : socket(home.get_executor()) {}
  asio::posix::basic_stream_descriptor<executor> socket;
  bool want_read = false;
  bool want_write = false;
  bool reading = false;  ///< a wait is under way
  bool writing = false;
};

ares_channel::ares_channel(shard& home) : home_(home), alarm_(home.time(), [this] { process(no_socket, no_socket); }) {}

result<std::shared_ptr<ares_channel>> ares_channel::open(shard& home, const dns_options& options) {
  std::shared_ptr<ares_channel> self{new ares_channel(home)};
  ares_options o{};
  o.timeout = static_cast<int>(options.query_timeout.count());
  o.tries = options.tries;
  o.sock_state_cb_data = self.get();
  o.sock_state_cb = [](void* me, ares_socket_t fd, int read, int write) {
    static_cast<ares_channel*>(me)->on_socket(fd, read != 0, write != 0);
  };
  int status = library_status();
  if (status == ARES_SUCCESS) status = ares_init_options(&self->channel_, &o, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  if (status == ARES_SUCCESS && !options.servers.empty()) status = ares_set_servers_ports_csv(self->channel_, options.servers.c_str());
  if (status != ARES_SUCCESS) return fail(failure_of(reasons::dns, fmt::format("c-ares: {}", ares_strerror(status))));
  return self;
}

ares_channel::~ares_channel() {
  if (channel_ != nullptr) ares_destroy(channel_);  // answers every question under way, closes every socket
}

void ares_channel::query(const std::string& host, callback done) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;  // else each address comes once a kind of socket
  ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, &on_answer, new question{host, std::move(done)});
  set_alarm();
}

void ares_channel::on_socket(int fd, bool read, bool write) {
  auto& w = watches_[fd];
  if (!read && !write) {
    if (w && w->socket.is_open()) w->socket.release();  // waits under way end; c-ares closes the descriptor next
    watches_.erase(fd);
    return;
  }
  if (!w) {
    w = std::make_shared<watch>(home_);
    boost::system::error_code ec;
    w->socket.assign(fd, ec);
    if (ec) {
      spdlog::error("cannot watch a socket of the DNS resolver (epoll): {}", ec.message());  // the question times out
      return;
    }
  }
  w->want_read = read;
  w->want_write = write;
  wait(std::shared_ptr<watch>{w});
}

void ares_channel::wait(const std::shared_ptr<watch>& w) {
  using kind = asio::posix::descriptor_base;
  if (!w->socket.is_open()) return;
  const int fd = w->socket.native_handle();
  if (w->want_read && !w->reading) {
    w->reading = true;
    w->socket.async_wait(kind::wait_read, [me = weak_from_this(), w, fd](const boost::system::error_code& ec) {
      w->reading = false;
      const auto self = me.lock();
      if (!self || ec || !w->socket.is_open()) return;
      self->process(w->want_read ? fd : no_socket, no_socket);
      self->wait(w);
    });
  }
  if (w->want_write && !w->writing) {
    w->writing = true;
    w->socket.async_wait(kind::wait_write, [me = weak_from_this(), w, fd](const boost::system::error_code& ec) {
      w->writing = false;
      const auto self = me.lock();
      if (!self || ec || !w->socket.is_open()) return;
      self->process(no_socket, w->want_write ? fd : no_socket);
      self->wait(w);
    });
  }
}

void ares_channel::process(int read, int write) {
  ares_process_fd(channel_, read, write);
  set_alarm();
}

void ares_channel::set_alarm() {
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) {
    alarm_.disarm();
    return;
  }
  alarm_.arm(home_.time().now() + std::chrono::seconds{left.tv_sec} + std::chrono::microseconds{left.tv_usec});
}

}  // namespace naru::net::client
