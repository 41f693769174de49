#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <deque>
#include <stdexcept>
#include <system_error>

namespace naru::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

int connect_to(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "socket");
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    const int why = errno;
    ::close(fd);
    throw std::system_error(why, std::generic_category(), "connect to 127.0.0.1:" + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool named(const header_lines& headers, std::string_view lower_name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& h) { return lower(h.first) == lower_name; });
}

/// A head's bytes, the empty line included.
http_answer parse_head(std::string_view head) {
  http_answer a;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12)
    throw std::runtime_error("no HTTP/1.1 answer: " + std::string(head.substr(0, 100)));
  std::from_chars(head.data() + 9, head.data() + 12, a.status);
  std::size_t at = head.find("\r\n") + 2;
  while (at + 2 < head.size()) {
    const auto line_end = head.find("\r\n", at);
    const std::string_view line = head.substr(at, line_end - at);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("a header without ':': " + std::string(line));
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    a.headers.emplace_back(lower(line.substr(0, colon)), value);
    at = line_end + 2;
  }
  return a;
}

}  // namespace

std::string http_answer::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

std::size_t http_answer::count(std::string_view lower_name) const {
  return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == lower_name; }));
}

/// The bytes' way in, and where in the body we are.
struct http_client::state {
  enum class framing { none, length, chunked, to_end };

  explicit state(unsigned short port, milliseconds limit) : fd(connect_to(port)), timeout(limit) {}
  ~state() {
    SSL_free(tls);
    SSL_CTX_free(context);
    if (fd >= 0) ::close(fd);
  }

  void start_tls(const std::string& ca) {
    context = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr) != 1) throw std::runtime_error("no PEM certificates in " + ca);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    tls = SSL_new(context);
    SSL_set_fd(tls, fd);
    SSL_set1_host(tls, "localhost");
    SSL_set_tlsext_host_name(tls, "localhost");
    if (SSL_connect(tls) != 1) throw std::runtime_error(std::string("TLS handshake: ") + ERR_error_string(ERR_get_error(), nullptr));
  }

  /// Waits for bytes until `until`. @return false when the connection has ended
  bool fill(steady_clock::time_point until) {
    if (end != ended::open) return false;
    char block[65536];
    ssize_t n = 0;
    if (!tls || SSL_pending(tls) == 0) {
      const auto remaining = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
      pollfd one{fd, POLLIN, 0};
      if (remaining < 0 || ::poll(&one, 1, static_cast<int>(remaining)) == 0) throw client_timeout("nothing came in time");
    }
    n = tls ? SSL_read(tls, block, sizeof block) : ::recv(fd, block, sizeof block, 0);
    if (n > 0) {
      input.append(block, static_cast<std::size_t>(n));
      return true;
    }
    end = n == 0 || (tls && errno == 0) ? ended::closed : ended::reset;
    return false;
  }
  bool fill() { return fill(steady_clock::now() + timeout); }

  /// Bytes up to and with `mark`; nullopt when the connection ends before.
  std::optional<std::string> take_through(std::string_view mark) {
    std::size_t at = 0;
    while ((at = input.find(mark)) == std::string::npos) {
      if (!fill()) return std::nullopt;
    }
    std::string out = input.substr(0, at + mark.size());
    input.erase(0, out.size());
    return out;
  }

  void begin_body(const http_answer& a, bool to_head) {
    complete = false;
    left = 0;
    frames = sse_frames{};
    waiting.clear();
    if (to_head || a.status == 204 || a.status == 304) {
      how = framing::none;
      complete = true;
    } else if (a.header("transfer-encoding") == "chunked") {
      how = framing::chunked;
    } else if (a.count("content-length") > 0) {
      how = framing::length;
      left = std::stoull(a.header("content-length"));
      complete = left == 0;
    } else {
      how = framing::to_end;
    }
  }

  /// Next bytes of the body, at least one; empty when it has ended.
  std::string body_bytes() {
    if (complete) return {};
    if (how == framing::chunked && left == 0 && !next_chunk()) return {};
    while (input.empty()) {
      if (!fill()) {
        complete = how == framing::to_end && end == ended::closed;
        return {};
      }
    }
    const std::size_t n = how == framing::to_end ? input.size() : std::min(left, input.size());
    std::string out = input.substr(0, n);
    input.erase(0, n);
    if (how == framing::to_end) return out;
    left -= n;
    if (left == 0 && how == framing::length) complete = true;
    if (left == 0 && how == framing::chunked) chunk_open = true;
    return out;
  }

  /// Reads the line before a chunk. @return false when the body ends here
  bool next_chunk() {
    if (std::exchange(chunk_open, false)) {
      const auto behind = take_through("\r\n");
      if (!behind) return false;
      if (behind->size() != 2) throw std::runtime_error("want CRLF behind a chunk, got: " + *behind);
    }
    const auto line = take_through("\r\n");
    if (!line) return false;
    const auto [at, ec] = std::from_chars(line->data(), line->data() + line->size(), left, 16);
    if (ec != std::errc{}) throw std::runtime_error("want a chunk size, got: " + *line);
    if (left > 0) return true;
    complete = take_through("\r\n").has_value();
    return false;
  }

  int fd;
  milliseconds timeout;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;
  ended end = ended::open;
  std::string input;
  framing how = framing::none;
  std::size_t left = 0;
  bool chunk_open = false;  ///< the CRLF behind a chunk's bytes is still to be read
  bool complete = true;
  sse_frames frames;
  std::deque<sse_frame> waiting;
};

http_client::http_client(unsigned short port, milliseconds timeout) : state_(std::make_unique<state>(port, timeout)) {}
http_client::http_client(unsigned short port, const std::string& ca, milliseconds timeout)
    : state_(std::make_unique<state>(port, timeout)) {
  state_->start_tls(ca);
}
http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;

void http_client::set_timeout(milliseconds limit) { state_->timeout = limit; }

void http_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = state_->tls ? SSL_write(state_->tls, bytes.data(), static_cast<int>(bytes.size()))
                                  : ::send(state_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) throw std::system_error(errno, std::generic_category(), "send");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void http_client::send_request(std::string_view method, std::string_view target, const header_lines& headers, std::string_view body) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  const auto add = [&](std::string_view name, std::string_view value) { out.append(name).append(": ").append(value).append("\r\n"); };
  if (!named(headers, "host")) add("Host", "127.0.0.1");
  for (const auto& [name, value] : headers) add(name, value);
  const bool has_body = !body.empty() || method == "POST";
  if (has_body && !named(headers, "content-type")) add("Content-Type", "application/json");
  if (has_body && !named(headers, "content-length") && !named(headers, "transfer-encoding"))
    add("Content-Length", std::to_string(body.size()));
  send(out.append("\r\n").append(body));
}

http_answer http_client::read_head() {
  while (true) {
    const auto head = state_->take_through("\r\n\r\n");
    if (!head) return {};
    http_answer a = parse_head(*head);
    if (a.status >= 200) {
      state_->begin_body(a, false);
      return a;
    }
  }
}

http_answer http_client::read_answer(bool to_head) {
  http_answer a = read_head();
  if (a.status == 0) return a;
  if (to_head) state_->begin_body(a, true);
  a.body = read_rest();
  a.complete = state_->complete;
  return a;
}

http_answer http_client::ask(std::string_view method, std::string_view target, const header_lines& headers, std::string_view body) {
  send_request(method, target, headers, body);
  return read_answer(method == "HEAD");
}

std::optional<sse_frame> http_client::next_frame() {
  while (state_->waiting.empty()) {
    const std::string bytes = state_->body_bytes();
    if (bytes.empty()) return std::nullopt;
    for (auto& f : state_->frames.feed(bytes)) state_->waiting.push_back(std::move(f));
  }
  sse_frame next = std::move(state_->waiting.front());
  state_->waiting.pop_front();
  return next;
}

std::vector<sse_frame> http_client::read_frames() {
  std::vector<sse_frame> out;
  while (auto f = next_frame()) out.push_back(std::move(*f));
  return out;
}

std::string http_client::read_rest() {
  std::string out;
  for (std::string bytes = state_->body_bytes(); !bytes.empty(); bytes = state_->body_bytes()) out += bytes;
  return out;
}

bool http_client::body_complete() const noexcept { return state_->complete; }

std::string http_client::read_to_end() {
  while (state_->fill()) {
  }
  return std::exchange(state_->input, {});
}

ended http_client::wait_for_end(milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  try {
    while (state_->fill(until)) state_->input.clear();
  } catch (const client_timeout&) {
    return ended::open;
  }
  return state_->end;
}

void http_client::shutdown_write() { ::shutdown(state_->fd, SHUT_WR); }

void http_client::close(bool hard) {
  if (hard) {
    const linger at_once{1, 0};
    ::setsockopt(state_->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else if (state_->tls) {
    SSL_shutdown(state_->tls);
  }
  ::close(std::exchange(state_->fd, -1));
  state_->end = ended::closed;
}

int http_client::descriptor() const noexcept { return state_->fd; }

http_answer ask(unsigned short port, std::string_view method, std::string_view target, const header_lines& headers, std::string_view body) {
  return http_client(port).ask(method, target, headers, body);
}

}  // namespace naru::test
