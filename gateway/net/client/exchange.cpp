#include "gateway/net/client/exchange.hpp"

#include <array>
#include <boost/container/small_vector.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/net/client/body_reader.hpp"
#include "gateway/net/client/breaker.hpp"
#include "gateway/net/client/inflater.hpp"
#include "gateway/net/client/pool_core.hpp"
#include "gateway/net/client/request_writer.hpp"
#include "gateway/net/gather.hpp"
#include "gateway/net/http/response_head.hpp"

namespace naru::net::client {
namespace {

enum class stage : std::uint8_t { fresh, sending, reading, ended, failed };

/// A transport error before the answer's head was whole.
error lost(const error& e) {
  if (e.reason == "tls") return failure_of(reasons::tls, e.message);
  return failure_of(reasons::reset, "the connection to the upstream was lost: " + e.message);
}

}  // namespace

struct exchange::impl {
  impl(std::shared_ptr<pool_core> p, std::shared_ptr<const origin> o)
      : pool(std::move(p)), to(std::move(o)), limit(pool->home().time(), [this] { interrupt(limit_reason); }) {}
  ~impl() { drop(); }

  std::shared_ptr<pool_core> pool;
  std::shared_ptr<const origin> to;
  stage at = stage::fresh;
  breaker stop;
  alarm limit;
  std::string_view limit_reason;
  timeouts limits;
  stream_ptr connection;
  bool reused = false;
  bool twice = false;
  bool answered = false;  ///< a byte of the answer has been read on this connection
  bool keep_alive = false;
  bool cut_request = false;  ///< the answer came though the request could not be written whole
  http::response_head_parser parser;
  std::string received;     ///< the head, and what of the body came with it
  std::size_t body_at = 0;  ///< where in `received` unread body begins
  std::vector<http::header> headers;
  std::optional<body_reader> body;
  std::unique_ptr<inflater> plain;

  // Ending ----------------------------------------------------------------------------------------------------------------------

  void interrupt(std::string_view reason) {
    if (at == stage::ended || at == stage::failed) return;
    stop.trip(reason);
    if (connection) connection->close();
  }

  void drop() noexcept {
    limit.disarm();
    if (connection) connection->close();
    connection.reset();
  }

  /// @return the error to be given on: why it was interrupted, if it was
  std::unexpected<error> broke(error e) {
    drop();
    at = stage::failed;
    return fail(stop.tripped() ? stop.why() : std::move(e));
  }

  void end(bool clean) {
    at = stage::ended;
    limit.disarm();
    if (!connection) return;
    if (clean && keep_alive && !cut_request) {
      pool->put(to, std::move(connection));
    } else {
      connection->shutdown_send();
      drop();
    }
  }

  void arm(std::chrono::milliseconds in, std::string_view reason) {
    const steady_time at_latest = limits.total.at();
    const steady_time soon = pool->home().time().now() + in;
    limit_reason = soon < at_latest ? reason : reasons::deadline;
    limit.arm(std::min(soon, at_latest));
  }

  // Sending ---------------------------------------------------------------------------------------------------------------------

  task<> open_connection() {
    arm(limits.connect, reasons::connect_timeout);
    const deadline until = deadline{pool->home().time().now() + limits.connect}.sooner(limits.total);
    auto made = co_await pool->connections().connect(*to, until, stop);
    if (!made) co_return fail(std::move(made.error()));
    if (stop.tripped()) co_return fail(stop.why());
    connection = std::move(*made);
    reused = false;
    ++pool->counts.opened;
    co_return result<void>{};
  }

  /// What the socket takes at once: nearly always all of it. @return whether that was everything
  result<bool> write_now(gather& rest, std::span<const asio::const_buffer> buffers) {
    arm(limits.first_byte, reasons::first_byte_timeout);
    const auto n = connection->try_write(buffers);
    if (!n) return fail(n.error());
    rest.advance(*n);
    return rest.done();
  }

  task<> write_slowly(gather rest) {
    while (!rest.done()) {
      std::array<asio::const_buffer, 16> step;
      const std::size_t count = rest.slice(step, static_cast<std::size_t>(-1));
      std::size_t size = 0;
      for (std::size_t i = 0; i < count; ++i) size += step[i].size();
      if (auto sent = co_await connection->write(std::span{step}.first(count)); !sent) co_return sent;
      rest.advance(size);
    }
    co_return result<void>{};
  }

  /// A server that refuses early (413, 401) may close before it has read everything; its answer may lie here all the same.
  result<void> after_cut_request(const error& e) {
    if (stop.tripped()) return fail(e);
    cut_request = true;
    auto whole = read_ready();
    if (whole && *whole) return {};
    return fail(lost(e));
  }

  // Reading the head ------------------------------------------------------------------------------------------------------------

  /// Reads what is there. @return whether the head is whole; false when more must be waited for
  result<bool> read_ready() {
    const auto scratch = pool->home().scratch();
    while (!body) {
      const auto n = connection->try_read(scratch);
      if (!n) return fail(lost(n.error()));
      if (*n == stream::would_block) return false;
      if (*n == 0) return fail(ended_early());
      answered = true;
      received.append(scratch.data(), *n);
      if (auto ok = parse_head(); !ok) return fail(std::move(ok.error()));
    }
    return true;
  }

  [[nodiscard]] error ended_early() const {
    return failure_of(reasons::reset, answered ? "the upstream closed the connection in the middle of its answer's head"
                                               : "the upstream closed the connection without an answer");
  }

  result<void> parse_head() {
    thread_local http::response_head head;  // 3 KB that need not be cleared for each answer: what is used of it is copied below
    const auto p = parser.parse(received, head);
    if (p == http::progress::refused) return fail(failure_of(reasons::bad_head, std::string{parser.why().message}));
    if (p == http::progress::need_more) return {};
    const auto coding = inflater::kind_of(head.find("content-encoding"));
    if (coding == inflater::kind::unknown && head.framing != http::body_framing::none) {
      return fail(failure_of(reasons::bad_head, "the answer is compressed in a way that was not asked for"));
    }
    status = head.status;
    headers.assign(head.headers.begin(), head.headers.end());
    keep_alive = head.keep_alive;
    body_at = parser.consumed();
    body.emplace(head);
    if (coding == inflater::kind::compressed && !body->ended()) plain = std::make_unique<inflater>();
    return {};
  }
  int status = 0;

  task<> read_head() {
    arm(limits.first_byte, reasons::first_byte_timeout);
    while (!body) {
      if (auto ready = co_await connection->wait_readable(); !ready) co_return fail(lost(ready.error()));
      auto whole = read_ready();
      if (!whole) co_return fail(std::move(whole.error()));
      if (answered && !*whole) arm(limits.idle, reasons::idle_timeout);
    }
    co_return result<void>{};
  }

  task<> one_try(std::span<const asio::const_buffer> buffers) {
    if (!connection) {
      if (auto open = co_await open_connection(); !open) co_return fail(std::move(open.error()));
    }
    gather rest{buffers};
    result<void> sent;
    if (const auto all = write_now(rest, buffers); !all)
      sent = fail(all.error());
    else if (!*all)
      sent = co_await write_slowly(rest);
    if (!sent) sent = after_cut_request(sent.error());
    if (!sent) co_return fail(std::move(sent.error()));
    co_return co_await read_head();
  }

  /// A server may close an idle connection in the very moment in which a request is written to it, and then it has not acted on
  /// it: so a request that failed on a used connection before a byte of the answer came, because writing failed or the other end
  /// closed, is sent once more over a fresh one, POST included (RFC 9110 §9.2.2 allows that where the client can tell that the request
  /// was not applied; every common client takes this for the sign). Never after a timeout: then the server may be at work on it.
  [[nodiscard]] bool was_stale(const error& e) const noexcept {
    return reused && !answered && !stop.tripped() && e.reason == reasons::reset;
  }

  // Reading the body ------------------------------------------------------------------------------------------------------------

  /// Takes the framing off and the compression. @return content, perhaps empty
  result<std::string_view> take(std::span<char> bytes) {
    auto piece = body->take(bytes);
    if (!piece) return fail(std::move(piece.error()));
    if (piece->ended) end(piece->clean);
    const std::string_view content{piece->content.data(), piece->content.size()};
    if (!plain) return content;
    plain->give(content);
    return plain->next();
  }

  result<void> at_end() {
    if (auto whole = body->at_end(); !whole) return whole;
    end(false);
    return {};
  }

  /// What needs no waiting: bytes that came with the head, output that decompression still holds.
  result<std::string_view> take_held() {
    if (body_at < received.size()) {
      const std::span<char> rest{received.data() + body_at, received.size() - body_at};
      body_at = received.size();
      auto content = take(rest);
      if (!content || !content->empty()) return content;
    }
    if (plain) return plain->next();
    return std::string_view{};
  }

  /// What can be given without waiting, the orderly end included. @return nullopt: the socket must be asked
  std::optional<result<std::string_view>> give_ready() {
    auto held = take_held();
    if (!held || !held->empty()) return held;
    if (at != stage::ended) return std::nullopt;
    if (plain) {
      if (auto whole = plain->finish(); !whole) return result<std::string_view>{fail(std::move(whole.error()))};
    }
    return result<std::string_view>{std::string_view{}};
  }

  task<std::string_view> read() {
    for (;;) {
      if (auto ready = give_ready()) co_return std::move(*ready);
      arm(limits.idle, reasons::idle_timeout);
      if (auto ready = co_await connection->wait_readable(); !ready) co_return fail(failure_of(reasons::cut, ready.error().message));
      limit.disarm();
      const auto scratch = pool->home().scratch();
      const auto n = connection->try_read(scratch);
      if (!n) co_return fail(failure_of(reasons::cut, "the connection broke in the middle of the answer: " + n.error().message));
      if (*n == stream::would_block) continue;
      if (*n == 0) {
        if (auto ok = at_end(); !ok) co_return fail(std::move(ok.error()));
        continue;
      }
      auto content = take(scratch.first(*n));
      if (!content || !content->empty()) co_return content;
    }
  }
};

exchange::exchange(std::shared_ptr<pool_core> pool, std::shared_ptr<const origin> to)
    : impl_(std::make_unique<impl>(std::move(pool), std::move(to))) {}
exchange::~exchange() = default;
exchange::exchange(exchange&&) noexcept = default;

task<response_head> exchange::send(outgoing request, timeouts limits) {
  impl& x = *impl_;
  if (x.stop.tripped()) co_return fail(x.stop.why());
  if (x.at != stage::fresh) co_return fail(error_code::internal, "an exchange sends one request");
  x.at = stage::sending;
  x.limits = limits;
  x.parser = http::response_head_parser{x.pool->options().head, request.method == "HEAD"};
  auto head = write_request_head(request, *x.to);
  if (!head) co_return x.broke(std::move(head.error()));
  boost::container::small_vector<asio::const_buffer, 16> buffers;
  buffers.emplace_back(head->data(), head->size());
  for (const std::string_view piece : request.body) buffers.emplace_back(piece.data(), piece.size());

  x.connection = x.pool->take(*x.to);
  x.reused = x.connection != nullptr;
  if (x.reused) ++x.pool->counts.reused;
  auto done = co_await x.one_try(buffers);
  if (!done && request.may_send_twice && x.was_stale(done.error())) {
    x.drop();
    x.twice = true;
    x.cut_request = false;
    ++x.pool->counts.retried;
    done = co_await x.one_try(buffers);
  }
  if (!done || x.stop.tripped()) co_return x.broke(done ? x.stop.why() : std::move(done.error()));
  x.limit.disarm();
  x.at = stage::reading;
  if (x.body->ended()) x.end(x.body_at == x.received.size());
  co_return response_head{x.status, x.headers};
}

task<std::string_view> exchange::read_body() {
  impl& x = *impl_;
  if (x.at == stage::failed || (x.stop.tripped() && x.at != stage::ended)) {
    co_return x.broke(failure_of(reasons::reset, "the exchange is over"));
  }
  if (x.at == stage::fresh || x.at == stage::sending) co_return fail(error_code::internal, "an answer is read before its request was sent");
  auto piece = co_await x.read();
  if (!piece) co_return x.broke(std::move(piece.error()));
  co_return piece;
}

std::optional<result<std::string_view>> exchange::read_ready() {
  impl& x = *impl_;
  if (x.at != stage::ended && (x.at != stage::reading || x.stop.tripped())) return std::nullopt;  // `read_body` says what is wrong
  auto ready = x.give_ready();
  if (ready && !*ready) return result<std::string_view>{x.broke(std::move(ready->error()))};
  return ready;
}

task<std::string> exchange::read_all(std::size_t limit) {
  std::string all;
  for (;;) {
    auto piece = co_await read_body();
    if (!piece) co_return fail(std::move(piece.error()));
    if (piece->empty()) co_return all;
    if (piece->size() > limit - all.size()) {
      co_return impl_->broke(failure_of(reasons::too_long, "the upstream's answer is longer than the limit"));
    }
    all.append(*piece);
  }
}

void exchange::cancel() noexcept { impl_->interrupt(reasons::canceled); }

bool exchange::sent_twice() const noexcept { return impl_->twice; }
bool exchange::reused() const noexcept { return impl_->reused; }

}  // namespace naru::net::client
