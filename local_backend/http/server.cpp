#include "local_backend/http/server.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>

#include "core/json/writer.hpp"
#include "local_backend/http/connection.hpp"

namespace naru::local_backend {
namespace {

constexpr std::chrono::seconds drain_limit{10};
constexpr std::chrono::milliseconds drain_pause{20};
constexpr std::uint32_t idle_connections = 64;  // beside those that carry a job: the gateway's pool, probes

}  // namespace

server::server(const options& o, engine_thread::loader load) : options_(o), load_(std::move(load)), jobs_(o.sequences, o.queue) {}

int server::run() {
  if (auto ok = listen(); !ok) {
    fmt::print(stderr, "naru-worker: {}\n", ok.error().message);
    return exit_code::listen;
  }
  watch_parent();
  signals_.async_wait([this](boost::system::error_code ec, int number) {
    if (!ec) on_signal(number);
  });
  engine_.emplace(std::move(load_), [this](result<void> r) { asio::post(io_, [this, r = std::move(r)] { on_loaded(r); }); });
  readers_.emplace(1);
  const auto door = options_.socket.empty() ? gatekeeper::door::address : gatekeeper::door::unix_socket;
  service_.emplace(
      service{.settings = options_, .engine = *engine_, .jobs = jobs_, .readers = *readers_, .gate = gatekeeper{door, options_.token}});
  listener_->start([this](stream peer) { take(std::move(peer)); });
  io_.run();
  listener_->close();
  // A large model loads or steps for long; nobody waits for it any more, and it owns nothing that has to be put away.
  if (engine_->model() == nullptr || exit_code_ == exit_code::orphan) std::_Exit(exit_code_);
  readers_->join();
  engine_.reset();
  return exit_code_;
}

result<void> server::listen() {
  auto made = result<std::unique_ptr<listener>>{};
  if (!options_.socket.empty()) {
    made = listen_unix(io_, options_.socket);
  } else {
    const auto at = read_address(options_.listen);
    if (!at) return fail(at.error());
    made = listen_address(io_, at->host, at->port);
  }
  if (!made) return fail(made.error());
  listener_ = std::move(*made);
  return {};
}

void server::take(stream peer) {
  if (service_->connections >= options_.sequences + options_.queue + idle_connections) return;  // closed by going out of scope
  asio::co_spawn(io_, serve_connection(*service_, std::move(peer)), [](const std::exception_ptr& e) {
    if (e) std::rethrow_exception(e);  // a broken invariant: end the process, which its supervisor starts anew
  });
}

void server::on_loaded(const result<void>& r) {
  if (!r) {
    fmt::print(stderr, "naru-worker: {}\n", r.error().message);
    return stop(exit_code::model);
  }
  service_->created = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  say_ready();
}

void server::say_ready() const {
  const auto load = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
  std::string line;
  json::writer w{line};
  w.begin_object().field("status", "ready").field("model", std::string_view{engine_->model()->shape().name});
  w.field(options_.socket.empty() ? "listen" : "socket", std::string_view{listener_->where()});
  w.field("pid", ::getpid()).field("context", engine_->model()->shape().context).field("sequences", options_.sequences);
  w.field("threads", options_.threads).field("load_ms", load.count()).end_object();
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void server::on_signal(int number) {
  if (number == SIGINT || service_->draining) return stop(exit_code::ok);
  service_->draining = true;
  listener_->close();
  drain_end_ = std::chrono::steady_clock::now() + drain_limit;
  drain();
  signals_.async_wait([this](boost::system::error_code ec, int next) {
    if (!ec) on_signal(next);
  });
}

/// Ends when every answer is out, or time is up.
void server::drain() {
  if (service_->answering == 0 || std::chrono::steady_clock::now() >= drain_end_) return stop(exit_code::ok);
  drain_tick_.expires_after(drain_pause);
  drain_tick_.async_wait([this](boost::system::error_code ec) {
    if (!ec) drain();
  });
}

void server::watch_parent() {
  if (options_.parent_pid == 0) return;
  const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, options_.parent_pid, 0U));
  if (fd < 0) return stop(exit_code::orphan);
  parent_.emplace(io_, fd);
  parent_->async_wait(descriptor::wait_read, [this](boost::system::error_code ec) {
    if (!ec) stop(exit_code::orphan);
  });
}

void server::stop(int code) {
  exit_code_ = code;
  listener_->close();
  io_.stop();
}

}  // namespace naru::local_backend
