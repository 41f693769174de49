#include "gateway/flow/reply.hpp"

namespace naru::flow {
namespace {

constexpr std::size_t most_with_head =
    32 * 1024;  ///< what may lie in the scratch when it goes out behind a head: see net::body_stream::send

net::asio::awaitable<void, net::executor> run(std::shared_ptr<reply> self, net::asio::awaitable<void, net::executor> work) {
  co_await std::move(work);
  (void)self;
}

}  // namespace

reply::reply(net::shard& s, net::response& out, std::string request_id)
    : shard_(s), out_(out), request_id_(std::move(request_id)), turns_(s), alarm_(s.time(), [this] {
        if (!closed_) shard_.spawn(run(shared_from_this(), ping()));
      }) {}

void reply::set_header(std::string_view name, std::string value) {
  for (auto& [known, old] : headers_) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  headers_.emplace_back(name, std::move(value));
}

reply::lines reply::head_lines(std::string_view content_type) const {
  lines out;
  if (!content_type.empty()) out.push_back({"content-type", content_type});
  out.push_back({"x-request-id", request_id_});
  out.push_back({"request-id", request_id_});
  for (const auto& [name, value] : headers_) out.push_back({name, value});
  return out;
}

net::task<> reply::send(int status, std::string_view content_type, std::string_view body) {
  auto turn = turns_.try_take();
  if (!turn) turn.emplace(co_await turns_.take());
  if (head_sent_) co_return fail(error_code::conflict, "the head of a stream has gone out");  // a ping was faster
  alarm_.disarm();
  head_sent_ = true;
  status_ = status;
  bytes_ += body.size();
  const lines head = head_lines(content_type);
  co_return co_await out_.send(status, {head.data(), head.size()}, body);
}

net::task<> reply::open_stream(std::string_view first) {
  if (head_sent_) co_return fail(error_code::canceled, "the head of the answer never reached the client");
  head_sent_ = true;
  status_ = 200;
  auto lines = head_lines(looks_.content_type);
  lines.push_back({"cache-control", "no-cache"});
  lines.push_back({"x-accel-buffering", "no"});
  auto opened = co_await out_.start(200, {lines.data(), lines.size()}, first);
  if (!opened) co_return fail(std::move(opened.error()));
  stream_ = *opened;
  co_return result<void>{};
}

/// One piece of the stream, with the head before the first. Only who has the turn calls it, and `bytes` reach the socket, or a copy of
/// what it does not take at once, before anything else runs on this shard.
net::task<> reply::write_piece(std::string_view bytes) {
  bytes_ += bytes.size();
  if (!stream_ && bytes.size() > most_with_head) {
    const std::string kept(bytes);
    co_return co_await open_stream(kept);
  }
  if (!stream_) co_return co_await open_stream(bytes);
  co_return co_await stream_->send(bytes);
}

net::task<> reply::send_events(std::string_view bytes) {
  std::string kept;
  if (turns_.taken()) bytes = kept.assign(bytes);  // while a ping is being written, others use the scratch
  auto turn = turns_.try_take();
  if (!turn) turn.emplace(co_await turns_.take());
  if (finished_) co_return fail(error_code::conflict, "the stream has been finished");
  auto sent = co_await write_piece(bytes);
  rearm();
  co_return sent;
}

net::task<> reply::finish(std::string_view last) {
  auto turn = turns_.try_take();
  if (!turn) turn.emplace(co_await turns_.take());
  alarm_.disarm();
  if (finished_) co_return result<void>{};
  if (!stream_ && !last.empty()) {
    if (auto sent = co_await write_piece(last); !sent) co_return sent;
    last = {};
  }
  if (!stream_) co_return result<void>{};
  finished_ = true;
  bytes_ += last.size();
  co_return co_await stream_->finish(last);
}

void reply::abort() noexcept {
  alarm_.disarm();
  if (stream_) stream_->abort();
}

void reply::keep_alive(std::chrono::milliseconds hold_head, std::chrono::milliseconds every, style looks) {
  ping_every_ = every;
  looks_ = looks;
  alarm_.arm(shard_.time().now() + hold_head);
}

void reply::rearm() {
  if (ping_every_.count() > 0 && !closed_) alarm_.arm(shard_.time().now() + ping_every_);
}

net::asio::awaitable<void, net::executor> reply::ping() {
  auto turn = turns_.try_take();
  if (!turn) turn.emplace(co_await turns_.take());
  if (closed_ || finished_ || (head_sent_ && !stream_)) co_return;
  if (const auto sent = co_await write_piece(looks_.ping); !sent) co_return;  // the client has left: its disconnect tells the exchange
  rearm();
}

net::asio::awaitable<void, net::executor> reply::close() {
  auto turn = turns_.try_take();
  if (!turn) turn.emplace(co_await turns_.take());
  closed_ = true;
  alarm_.disarm();
}

}  // namespace naru::flow
