#include "gateway/net/server_connection.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace naru::net {
namespace {

constexpr std::size_t most_unread = 64 * 1024;      ///< of a next request while a handler runs
constexpr std::size_t most_discarded = 256 * 1024;  ///< after the last answer, so that the client gets to read it
constexpr auto linger_time = std::chrono::seconds{2};
constexpr std::size_t reserved_at_once = 1024 * 1024;  ///< of a promised body; a larger one grows as it comes
constexpr int most_reads_in_a_turn = 16;               ///< of 64 KiB; then the shard's other connections have their turn

http::head_limits head_limits_of(const server_limits& l) noexcept { return {l.head, std::min(l.header_count, http::max_headers)}; }

}  // namespace

server_connection::server_connection(std::shared_ptr<server_core> core, shard_room& room, stream_ptr s, std::string tag,
                                     connection_place place)
    : core_(std::move(core)),
      room_(room),
      limits_(core_->limits.load()),
      stream_(std::move(s)),
      place_(std::move(place)),
      tag_(std::move(tag)),
      peer_(stream_->peer_address()),
      peer_is_loopback_(stream_->peer_is_loopback()),
      alarm_(room.home.time(), [this] { on_alarm(); }),
      head_parser_(head_limits_of(*limits_)) {
  next_ = room_.first;
  if (next_ != nullptr) next_->previous_ = this;
  room_.first = this;
}

server_connection::~server_connection() { end(); }

void server_connection::end() noexcept {
  if (std::exchange(phase_, phase::ended) == phase::ended) return;
  alarm_.disarm();
  stream_->close();
  (previous_ != nullptr ? previous_->next_ : room_.first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  place_.leave();
  // A `run` that waits now is woken by the close and tells the handler; a paused one is not there to do so.
  if (request_ && !reading_ && !weak_from_this().expired()) {
    room_.home.post([self = shared_from_this()] {
      if (self->request_) self->request_->client_left();
    });
  }
}

void server_connection::end_if_idle() noexcept {
  if (phase_ == phase::idle) end();
}

// Reading ---------------------------------------------------------------------------------------------------------------------

asio::awaitable<void, executor> server_connection::run(std::shared_ptr<server_connection> self) {
  reading_ = true;
  watch_time();
  while (phase_ != phase::ended && !client_closed_ && !must_pause()) {
    auto ready = co_await stream_->wait_readable();
    if (phase_ == phase::ended) break;
    if (!ready) {
      lost();
      break;
    }
    on_readable();
    if (phase_ == phase::ready) room_.home.spawn(serve(self));
  }
  reading_ = false;
  if (phase_ == phase::ended && request_) request_->client_left();
}

void server_connection::on_readable() {
  for (int turn = 0; turn < most_reads_in_a_turn; ++turn) {
    const auto target = read_target();
    const auto n = stream_->try_read(target);
    if (!n) return lost();
    if (*n == stream::would_block) break;
    if (*n == 0) return client_closed();
    if (!took_bytes(target, *n)) break;
  }
  watch_time();
}

/// Where the next bytes belong: straight into the body when its length is known, else the shard's scratch.
std::span<char> server_connection::read_target() {
  if (phase_ == phase::body && !chunked_) return request_->content_.prepare(static_cast<std::size_t>(body_left_));
  const auto scratch = room_.home.scratch();
  if (phase_ != phase::handling) return scratch;
  return scratch.first(std::min(scratch.size(), most_unread - inbox_.size()));
}

/// @return whether to read on at once: only when the request is not complete and more is likely to be there
bool server_connection::took_bytes(std::span<char> target, std::size_t n) {
  if (phase_ == phase::body && !chunked_) {
    request_->content_.commit(n);
    body_left_ -= n;
    if (body_left_ == 0) phase_ = phase::ready;
  } else {
    keep(feed({target.data(), n}));
  }
  return n == target.size() && (phase_ == phase::head || phase_ == phase::body);
}

void server_connection::client_closed() {
  client_closed_ = true;
  keep_alive_ = false;
  if (phase_ != phase::handling) return end();
  request_->client_left();  // the handler may still answer: a client may have shut down its sending side only
}

void server_connection::lost() {
  const bool handling = phase_ == phase::handling;
  end();
  if (handling) request_->client_left();
}

bool server_connection::must_pause() const noexcept {
  return (phase_ == phase::handling || phase_ == phase::ready) && inbox_.size() >= most_unread;
}

void server_connection::ensure_reading() {
  if (!reading_ && !client_closed_ && phase_ != phase::ended) room_.home.spawn(run(shared_from_this()));
}

void server_connection::keep(std::string_view unread) {
  if (!unread.empty()) inbox_.append(unread);
}

/// Takes what belongs to the current request. @return the rest: bytes behind a complete one
std::string_view server_connection::feed(std::string_view in) {
  while (!in.empty()) {
    switch (phase_) {
      case phase::idle: begin_request(); [[fallthrough]];
      case phase::head: take_head(in); break;
      case phase::body: take_body(in); break;
      case phase::ready:
      case phase::handling: return in;
      case phase::lingering:
        discarded_ += in.size();
        if (discarded_ > most_discarded) end();
        return {};
      case phase::ended: return {};
    }
  }
  return {};
}

void server_connection::begin_request() {
  alarm_.disarm();
  phase_ = phase::head;
  head_parser_.reset();
  request_ = room_.stock.take();
}

void server_connection::take_head(std::string_view& in) {
  std::string& kept = request_->head_;
  const std::size_t before = kept.size();
  if (before != 0) kept.append(in);
  const std::string_view bytes = before != 0 ? std::string_view{kept} : in;
  const auto progress = head_parser_.parse(bytes, room_.head);
  if (progress == http::progress::need_more) {
    if (before == 0) kept.assign(in);
    in = {};
    return;
  }
  if (progress == http::progress::refused) {
    in = {};
    return refuse(http::to_error(head_parser_.why()), head_parser_.why().status);
  }
  const char* parsed_from = bytes.data();
  const std::size_t size = head_parser_.consumed();
  in.remove_prefix(size - before);
  if (before == 0) {
    kept.assign(bytes.substr(0, size));
  } else {
    kept.resize(size);
  }
  adopt_head(room_.head, parsed_from);
  begin_body(room_.head, !in.empty());
}

/// Copies the shard's head into the request; views into `parsed_from` become views into the request's own bytes.
void server_connection::adopt_head(const http::request_head& head, const char* parsed_from) {
  request& r = *request_;
  const auto own = [&](std::string_view v) {
    const bool parsed = v.data() >= parsed_from && v.data() <= parsed_from + r.head_.size();
    return parsed ? std::string_view{r.head_.data() + (v.data() - parsed_from), v.size()} : v;  // "/" of an absolute form is static text
  };
  r.method = own(head.method);
  r.target = own(head.target);
  r.path = own(head.path);
  r.query = own(head.query);
  r.host = own(head.host);
  r.version_minor = head.version_minor;
  for (const header& h : head.headers) r.headers.push_back({own(h.name), own(h.value)});
  r.peer = peer_;
  r.peer_is_loopback = peer_is_loopback_;
  r.tls = stream_->is_tls();
  r.listener = tag_;
}

/// @param begun  bytes of the body have come with the head, so that nobody waits for 100 Continue
void server_connection::begin_body(const http::request_head& head, bool begun) {
  keep_alive_ = head.keep_alive;
  chunked_ = head.chunked;
  body_left_ = head.content_length.value_or(0);
  if (body_left_ > limits_->body) {
    return refuse(error{
        error_code::payload_too_large, fmt::format("the body has {} bytes; at most {} are taken", body_left_, limits_->body), {}, {}, {}});
  }
  if (auto e = check_head()) return refuse(*e);
  if (chunked_) chunks_ = http::chunk_decoder{http::chunk_limits{.content = limits_->body}};
  if (body_left_ != 0) request_->content_.reserve(std::min(static_cast<std::size_t>(body_left_), reserved_at_once));
  phase_ = chunked_ || body_left_ != 0 ? phase::body : phase::ready;
  if (phase_ != phase::body || !head.expect_continue || begun) return;
  constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::array piece{asio::const_buffer{go_on.data(), go_on.size()}};
  // The socket is empty but for the last answer; one that cannot take these 25 bytes belongs to a client that reads nothing.
  if (const auto n = stream_->try_write(piece); !n || *n != go_on.size()) end();
}

std::optional<error> server_connection::check_head() {
  if (!core_->hooks.check_head) return std::nullopt;
  try {
    return core_->hooks.check_head(*request_);
  } catch (const std::exception& x) {
    spdlog::error("bug: the check of a head failed: {}", x.what());
    return error{error_code::internal, "internal error", {}, {}, {}};
  }
}

void server_connection::take_body(std::string_view& in) {
  body_buffer& content = request_->content_;
  if (!chunked_) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), body_left_));
    content.append(in.substr(0, n));
    in.remove_prefix(n);
    body_left_ -= n;
    if (body_left_ == 0) phase_ = phase::ready;
    return;
  }
  while (!in.empty()) {
    std::string_view piece;
    const auto progress = chunks_.next(in, piece);
    content.append(piece);
    if (progress == http::progress::need_more) continue;
    if (progress == http::progress::complete) {
      phase_ = phase::ready;
      return;
    }
    in = {};
    return refuse(http::to_error(chunks_.why()), chunks_.why().status);
  }
}

/// Arms the alarm for the phase the last bytes led to. One that runs goes on: times are totals.
void server_connection::watch_time() {
  if (alarm_.armed()) return;
  const steady_time now = room_.home.time().now();
  if (phase_ == phase::idle) alarm_.arm(now + limits_->idle_time);
  if (phase_ == phase::head) alarm_.arm(now + limits_->head_time);
  if (phase_ == phase::body) alarm_.arm(now + limits_->body_time);
}

void server_connection::on_alarm() {
  switch (phase_) {
    case phase::head: return refuse(error{error_code::request_timeout, "the request's head did not come in time", {}, {}, {}});
    case phase::body: return refuse(error{error_code::request_timeout, "the request's body did not come in time", {}, {}, {}});
    case phase::handling:
      stream_->reset();  // what the client has not taken in so long it need not get
      return end();
    case phase::idle:
    case phase::lingering: return end();
    case phase::ready:
    case phase::ended: return;
  }
}

/// Answers what never became a request, and closes: nothing that follows is read as one.
void server_connection::refuse(const error& e, int status) {
  room_.refused.fetch_add(1, std::memory_order_relaxed);
  const bool overruled = status == 501 || status == 505;  // statuses that no error code has
  const answer a = write_early_error(*core_, e, request_->path, overruled ? status : 0);
  std::string out;
  std::vector<header> headers;
  for (const auto& [name, value] : a.headers) headers.push_back({name, value});
  try {
    compose_head(room_, a.status, headers, {static_cast<long long>(a.body.size()), false, "close"}, out);
  } catch (const std::exception& x) {
    spdlog::error("bug: an early error cannot be sent: {}", x.what());
    return end();
  }
  if (request_->method != "HEAD") out += a.body;
  const std::array piece{asio::const_buffer{out.data(), out.size()}};
  if (const auto n = stream_->try_write(piece); !n || *n != out.size()) return end();
  recycle();
  linger();
}

/// The last answer has been written. Closing now, with bytes of the client's unread, would reset the connection and could take the answer
/// away from it: so only the sending side ends here, and what still comes is thrown away for a while.
void server_connection::linger() {
  phase_ = phase::lingering;
  inbox_ = {};
  discarded_ = 0;
  stream_->shutdown_send();
  alarm_.arm(room_.home.time().now() + linger_time);
  ensure_reading();
}

// Handling --------------------------------------------------------------------------------------------------------------------

asio::awaitable<void, executor> server_connection::serve(std::shared_ptr<server_connection> self) {
  do {
    phase_ = phase::handling;
    alarm_.disarm();
    answered_ = answered::nothing;
    if (!must_pause()) ensure_reading();
    request_->body = request_->content_.view();
    request_->body_padded = true;
    room_.requests.fetch_add(1, std::memory_order_relaxed);
    room_.busy.fetch_add(1, std::memory_order_relaxed);
    response out{*this};
    bool threw = false;
    try {
      co_await core_->hooks.handle(request_, out);
    } catch (const std::exception& x) {
      spdlog::error("bug: a request's handler failed: {}", x.what());
      threw = true;
    }
    try {
      (void)co_await conclude(threw);  // an error is a client that has gone; that is known to the connection by now
    } catch (const std::exception& x) {
      spdlog::error("bug: a request cannot even be failed: {}", x.what());
      end();
    }
    room_.busy.fetch_sub(1, std::memory_order_relaxed);
  } while (next_request());
}

/// Sees to it that the request has been answered, or its stream broken.
task<> server_connection::conclude(bool threw) {
  if (answered_ == answered::nothing && phase_ == phase::handling) {
    if (client_closed_) {  // nobody is left to be answered
      end();
      co_return result<void>{};
    }
    if (!threw) spdlog::error("bug: a request's handler returned without an answer");
    co_return co_await send_error(error{error_code::internal, "internal error", {}, {}, {}});
  }
  if (answered_ == answered::streaming) abort_answer();
  co_return result<void>{};
}

void server_connection::recycle() {
  auto done = std::exchange(request_, nullptr);
  done->on_disconnect_ = nullptr;
  if (done.use_count() != 1) return;  // an attempt still holds the body; it frees it
  done->clear();
  room_.stock.give(std::move(done));
}

/// Puts the last request away. @return whether the next one is already there, complete
bool server_connection::next_request() {
  recycle();
  if (phase_ == phase::ended) return false;
  alarm_.disarm();
  if (client_closed_) return end(), false;
  if (!keep_alive_ || core_->draining.load(std::memory_order_relaxed)) return linger(), false;
  phase_ = phase::idle;
  const std::string unread = std::exchange(inbox_, {});
  const std::string_view rest = feed(unread);
  if (!rest.empty()) inbox_.assign(rest);
  watch_time();
  if (phase_ == phase::ready) return true;
  ensure_reading();
  return false;
}

}  // namespace naru::net
