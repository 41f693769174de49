#include "gateway/net/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "gateway/net/http/head_writer.hpp"
#include "gateway/net/listener.hpp"
#include "gateway/net/plain_stream.hpp"
#include "gateway/net/server_connection.hpp"
#include "gateway/net/server_core.hpp"
#include "gateway/net/tls_stream.hpp"

namespace naru::net {
namespace {

/// What each of a listener's connections is given. Immutable.
struct door {
  std::string tag;
  std::shared_ptr<tls_server_context> tls;
};

/// A descriptor on its way to another thread: closed if it does not get there.
class travelling_fd {
 public:
  explicit travelling_fd(int fd) noexcept : fd_(fd) {}
  travelling_fd(const travelling_fd&) = delete;
  travelling_fd& operator=(const travelling_fd&) = delete;
  ~travelling_fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int take() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// Past the limit: a plain client is told, in one write that does not wait; a TLS client only sees the end.
void turn_away(server_core& core, const door& through, int fd) {
  core.turned_away.fetch_add(1, std::memory_order_relaxed);
  if (!through.tls) {
    const answer a = write_early_error(core, error{error_code::overloaded, "too many connections", {}, {}, std::chrono::seconds{1}}, "", 0);
    std::string out;
    http::head_writer head{out};
    head.status(a.status);
    for (const auto& [name, value] : a.headers) (void)head.header(name, value);  // one that would break the head is left out
    head.header("content-length", a.body.size());
    out += "connection: close\r\nretry-after: 1\r\n";
    head.end();
    out += a.body;
    if (::send(fd, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) ::shutdown(fd, SHUT_WR);
  }
  ::close(fd);
}

/// A connection's whole life, on its shard.
asio::awaitable<void, executor> serve_connection(std::shared_ptr<server_core> core, shard_room* room, std::shared_ptr<const door> through,
                                                 int fd, std::shared_ptr<connection_place> place) {
  stream_ptr s;
  if (!through->tls) {
    s = make_plain_stream(room->home, fd);
  } else {
    const deadline until{room->home.time().now() + core->limits.load()->head_time};
    auto accepted = co_await accept_tls(room->home, fd, through->tls->current(), until);
    if (!accepted) {
      room->tls_failed.fetch_add(1, std::memory_order_relaxed);
      spdlog::debug("a client's connection failed: {}", accepted.error().message);
      co_return;
    }
    s = std::move(*accepted);
  }
  if (core->draining.load() || core->aborted.load()) co_return;
  auto connection = std::make_shared<server_connection>(core, *room, std::move(s), through->tag, std::move(*place));
  co_await connection->run(connection);
}

/// On the acceptor's thread.
void hand_over(const std::shared_ptr<server_core>& core, const std::shared_ptr<const door>& through, int fd) {
  core->accepted.fetch_add(1, std::memory_order_relaxed);
  if (core->connections() >= core->limits.load()->connections) return turn_away(*core, *through, fd);
  shard_room& room = core->emptiest();
  room.home.post(
      [core, room = &room, through, carried = std::make_shared<travelling_fd>(fd), place = std::make_shared<connection_place>(room)] {
        room->home.spawn(serve_connection(core, room, through, carried->take(), place));
      });
}

template <class Action>
void on_every_connection(const std::shared_ptr<server_core>& core, Action action) {
  for (shard_room& room : core->rooms) {
    room.home.post([core, r = &room, action] {
      for (server_connection* c = r->first; c != nullptr;) {
        server_connection* const following = c->next();
        action(*c);
        c = following;
      }
    });
  }
}

}  // namespace

struct server::impl {
  std::shared_ptr<server_core> core = std::make_shared<server_core>();
  std::vector<std::shared_ptr<listener>> listeners;

  void close_listeners() {
    for (const auto& l : listeners) l->close();
    listeners.clear();
  }
};

server::server(std::vector<shard*> shards, server_hooks hooks, std::shared_ptr<const server_limits> limits)
    : impl_(std::make_unique<impl>()) {
  if (shards.empty() || !hooks.handle || !limits) throw std::logic_error{"a server wants at least one shard, a handler and limits"};
  impl_->core->hooks = std::move(hooks);
  impl_->core->limits = std::move(limits);
  for (shard* s : shards) impl_->core->rooms.emplace_back(*s);
}

server::~server() {
  impl_->close_listeners();
  abort_all();
}

result<std::uint16_t> server::listen(listen_options options) {
  const auto through = std::make_shared<const door>(door{std::move(options.tag), std::move(options.tls)});
  auto opened = listener::open(impl_->core->rooms.front().home, options.address, options.backlog,
                               [core = impl_->core, through](int fd) { hand_over(core, through, fd); });
  if (!opened) return fail(std::move(opened.error()));
  (*opened)->start();
  impl_->listeners.push_back(*opened);
  return (*opened)->port();
}

void server::set_limits(std::shared_ptr<const server_limits> limits) {
  if (!limits) throw std::logic_error{"a server wants limits"};
  impl_->core->limits = std::move(limits);
}

void server::drain() {
  impl_->core->draining.store(true);
  impl_->close_listeners();
  on_every_connection(impl_->core, [](server_connection& c) { c.end_if_idle(); });
}

void server::abort_all() {
  impl_->core->aborted.store(true);
  on_every_connection(impl_->core, [](server_connection& c) { c.end(); });
}

server_counts server::counts() const noexcept {
  const server_core& core = *impl_->core;
  server_counts out;
  out.accepted = core.accepted.load(std::memory_order_relaxed);
  out.turned_away = core.turned_away.load(std::memory_order_relaxed);
  for (const shard_room& room : core.rooms) {
    out.connections += room.connections.load(std::memory_order_relaxed);
    out.busy += room.busy.load(std::memory_order_relaxed);
    out.requests += room.requests.load(std::memory_order_relaxed);
    out.refused += room.refused.load(std::memory_order_relaxed);
    out.tls_failed += room.tls_failed.load(std::memory_order_relaxed);
  }
  return out;
}

}  // namespace naru::net
