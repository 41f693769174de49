#include "load_tests/mock_upstream/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace naru::mock {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t scratch_size = 256 * 1024;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

int listen_on(const options& o) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(o.port);
  if (::inet_pton(AF_INET, o.address.c_str(), &to.sin_addr) != 1) throw std::runtime_error("want an IPv4 address, got " + o.address);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("bind");
  if (::listen(fd, 4096) != 0) fail("listen");
  return fd;
}

unsigned short port_of(int fd) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.sin_port);
}

void watch(int epoll, int fd, unsigned events, int how) {
  epoll_event e{};
  e.events = events;
  e.data.fd = fd;
  if (::epoll_ctl(epoll, how, fd, &e) != 0) fail("epoll_ctl");
}

std::int64_t ms_since(steady_clock::time_point t) { return duration_cast<milliseconds>(steady_clock::now() - t).count(); }

}  // namespace

server::server(service& s) : service_(s), scratch_(new char[scratch_size]) {
  const options& o = s.settings();
  if (!o.certificate.empty()) tls_ = make_tls(o.certificate, o.private_key);
  listener_ = listen_on(o);
  port_ = port_of(listener_);
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) fail("epoll_create1");
  watch(epoll_, listener_, EPOLLIN, EPOLL_CTL_ADD);
}

server::~server() {
  connections_.clear();
  ::close(listener_);
  ::close(epoll_);
}

void server::run(int stop_fd) {
  watch(epoll_, stop_fd, EPOLLIN, EPOLL_CTL_ADD);
  epoll_event events[256];
  while (true) {
    const int n = ::epoll_wait(epoll_, events, 256, wait_ms());
    if (n < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < n; ++i) {
      const int fd = events[i].data.fd;
      if (fd == stop_fd) return;
      if (fd == listener_) {
        accept_all();
        continue;
      }
      const auto found = connections_.find(fd);
      if (found == connections_.end()) continue;
      if ((events[i].events & EPOLLOUT) != 0) {
        watch_writes(*found->second, false);
        queue(*found->second);
      }
      if ((events[i].events & ~static_cast<unsigned>(EPOLLOUT)) != 0) read(*found->second);
    }
    run_timers();
    run_ready();
  }
}

int server::wait_ms() const {
  if (!ready_.empty()) return 0;
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(timers_.top().when - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void server::accept_all() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;  // none is waiting, or it has gone again; out of descriptors: the next turn tries again
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_[fd] = std::make_unique<connection>(fd, tls_.get(), next_number_++);
    watch(epoll_, fd, EPOLLIN, EPOLL_CTL_ADD);
    auto& s = service_.stats;
    ++s.connections;
    s.most_open = std::max(s.most_open, ++s.open);
  }
}

void server::read(connection& c) {
  while (true) {
    std::size_t got = 0;
    const io how = c.socket.read(scratch_.get(), scratch_size, got);
    if (how == io::again) break;
    if (how != io::done) return close(c, true);
    service_.stats.bytes_in += got;
    c.input.append(scratch_.get(), got);
    if (got < scratch_size && !tls_) break;
  }
  if (!c.playing) take_requests(c);
}

/// Starts the answer to the next request that is complete, if there is one.
void server::take_requests(connection& c) {
  if (service_.settings().lean && take_lean(c)) return;
  auto taken = take_request(c.input);
  if (!taken) {
    if (!c.continued && wants_continue(c.input)) {
      c.continued = true;
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      std::size_t sent = 0;
      if (c.socket.write(go_on, sent) != io::done) close(c, true);
    }
    return;
  }
  c.continued = false;
  c.input.erase(0, taken->second);
  if (!c.control && taken->first.path.starts_with("/__mock/")) {
    c.control = true;
    --service_.stats.connections;
    --service_.stats.open;
  }
  begin(c, service_.answer(taken->first, c.number, c.entry));
}

/// The short way for load: a POST with Content-Length that is whole. @return whether it was one
bool server::take_lean(connection& c) {
  static constexpr std::string_view name = "\r\ncontent-length:";
  const std::string_view input = c.input;
  const auto head_end = input.find("\r\n\r\n");
  if (head_end == std::string_view::npos || !input.starts_with("POST") || input.starts_with("POST /__mock/")) return false;
  const auto at = std::search(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(head_end), name.begin(), name.end(),
                              [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  if (at == input.begin() + static_cast<std::ptrdiff_t>(head_end)) return false;
  const std::size_t length = std::strtoull(&*at + name.size(), nullptr, 10);
  const std::size_t size = head_end + 4 + length;
  if (input.size() < size) return true;
  auto p = service_.lean_answer(input.substr(0, size));
  if (input.size() == size)
    c.input.clear();
  else
    c.input.erase(0, size);
  begin(c, std::move(p));
  return true;
}

void server::begin(connection& c, std::shared_ptr<const plan> p) {
  c.playing = std::move(p);
  c.at_step = c.at_byte = 0;
  c.asked = steady_clock::now();
  play(c);
}

/// Plays one step that does something; what needs no turn of its own (a wait's start, an end) follows at once.
void server::play(connection& c) {
  if (!c.playing) return;
  if (c.at_step == c.playing->steps.size()) return end_plan(c);
  const step& s = c.playing->steps[c.at_step];
  switch (s.what) {
    case step::kind::send:
      if (!play_send(c, s)) return;
      break;
    case step::kind::drip:
      if (!play_drip(c, s)) return;
      break;
    case step::kind::wait: ++c.at_step; return wake_at(c, s.wait);
    case step::kind::stall: return;
    case step::kind::reset: c.socket.reset_on_close(); [[fallthrough]];
    case step::kind::close:
      if (s.what == step::kind::close) c.socket.say_goodbye();
      if (auto* e = service_.log.find(c.entry)) e->finished_after_ms = ms_since(c.asked);
      return close(c, false);
  }
  ++c.at_step;
  c.at_byte = 0;
  if (c.at_step == c.playing->steps.size())
    end_plan(c);
  else
    queue(c);
}

bool server::play_send(connection& c, const step& s) {
  while (c.at_byte < s.bytes.size()) {
    std::size_t sent = 0;
    const io how = c.socket.write(std::string_view(s.bytes).substr(c.at_byte), sent);
    if (how == io::again) {
      watch_writes(c, true);
      return false;
    }
    if (how != io::done) {
      close(c, true);
      return false;
    }
    c.at_byte += sent;
  }
  return true;
}

bool server::play_drip(connection& c, const step& s) {
  std::size_t sent = 0;
  const io how = c.socket.write(std::string_view(s.bytes).substr(c.at_byte, 1), sent);
  if (how != io::done && how != io::again) {
    close(c, true);
    return false;
  }
  c.at_byte += how == io::done ? 1 : 0;
  if (c.at_byte == s.bytes.size()) return true;
  wake_at(c, s.wait);
  return false;
}

void server::end_plan(connection& c) {
  c.playing.reset();
  if (auto* e = service_.log.find(c.entry)) e->finished_after_ms = ms_since(c.asked);
  c.entry = 0;
  if (!c.input.empty()) take_requests(c);
}

void server::close(connection& c, bool by_peer) {
  if (by_peer && c.playing) {
    ++service_.stats.aborted;
    if (auto* e = service_.log.find(c.entry)) e->closed_after_ms = ms_since(c.asked);
  }
  service_.log.record(c.number, c.input);
  if (!c.control) --service_.stats.open;
  connections_.erase(c.socket.fd());  // closes the descriptor, which leaves the epoll by that
}

void server::wake_at(connection& c, std::chrono::microseconds after) {
  timers_.push({steady_clock::now() + after, c.socket.fd(), c.number});
}

void server::queue(connection& c) {
  if (c.queued) return;
  c.queued = true;
  ready_.push_back(c.socket.fd());
}

void server::watch_writes(connection& c, bool on) {
  if (c.waits_to_write == on) return;
  c.waits_to_write = on;
  watch(epoll_, c.socket.fd(), EPOLLIN | (on ? static_cast<unsigned>(EPOLLOUT) : 0U), EPOLL_CTL_MOD);
}

void server::run_ready() {
  const std::vector<int> turn = std::exchange(ready_, {});
  for (const int fd : turn) {
    const auto found = connections_.find(fd);
    if (found == connections_.end() || !found->second->queued) continue;
    found->second->queued = false;
    play(*found->second);
  }
}

void server::run_timers() {
  const auto now = steady_clock::now();
  while (!timers_.empty() && timers_.top().when <= now) {
    const timer due = timers_.top();
    timers_.pop();
    const auto found = connections_.find(due.fd);
    if (found != connections_.end() && found->second->number == due.number) play(*found->second);
  }
}

}  // namespace naru::mock
