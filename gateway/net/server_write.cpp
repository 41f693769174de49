#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "gateway/net/http/head_writer.hpp"
#include "gateway/net/server_connection.hpp"

namespace naru::net {
namespace {

constexpr std::size_t most_copied = 64 * 1024 + 64;  ///< what a slow client has not taken: a piece of 64 KiB with its frame
constexpr std::size_t progress_step = 16 * 1024;     ///< a client must take this much in `idle_time` (and a TLS record carries it)

asio::const_buffer buffer_of(std::string_view bytes) noexcept { return {bytes.data(), bytes.size()}; }

}  // namespace

// The public faces ------------------------------------------------------------------------------------------------------------

task<> response::send(int status, std::span<const header> headers, std::string_view body) {
  return connection_->send_whole(status, headers, body);
}

task<body_stream> response::start(int status, std::span<const header> headers, std::string_view first) {
  if (auto sent = co_await connection_->send_head(status, headers, first); !sent) co_return naru::fail(std::move(sent.error()));
  co_return body_stream{*connection_};
}

task<> response::fail(const error& e) { return connection_->send_error(e); }

bool response::head_sent() const noexcept { return connection_->answered_ != server_connection::answered::nothing; }

task<> body_stream::send(std::string_view bytes) { return connection_->send_piece(bytes); }
task<> body_stream::finish(std::string_view last) { return connection_->send_last(last); }
void body_stream::abort() noexcept { connection_->abort_answer(); }

// What they do ----------------------------------------------------------------------------------------------------------------

bool server_connection::bodiless(int status) const noexcept { return status == 204 || status == 304 || request_->method == "HEAD"; }

/// What the `connection` header says; from here on it is decided whether this is the last answer.
std::string_view server_connection::connection_word(bool close_delimited) noexcept {
  if (close_delimited || core_->draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  if (!keep_alive_) return "close";
  return request_->version_minor == 0 ? "keep-alive" : "";
}

task<> server_connection::send_whole(int status, std::span<const header> headers, std::string_view body) {
  if (answered_ != answered::nothing) throw std::logic_error{"a second answer to one request"};
  std::string& head = room_.out;
  head.clear();
  head_framing f{.connection = connection_word(false)};
  if (status != 204 && status != 304) f.content_length = static_cast<long long>(body.size());
  compose_head(room_, status, headers, f, head);
  answered_ = answered::whole;
  const std::array buffers{buffer_of(head), buffer_of(bodiless(status) ? std::string_view{} : body)};
  gather rest{buffers};
  if (auto done = write_now(rest, buffers)) co_return std::move(*done);
  co_return co_await write_rest(rest);
}

task<> server_connection::send_head(int status, std::span<const header> headers, std::string_view first) {
  if (answered_ != answered::nothing) throw std::logic_error{"a second answer to one request"};
  std::string& head = room_.out;
  head.clear();
  framing_ = bodiless(status) ? framing::none : request_->version_minor == 0 ? framing::until_close : framing::chunked;
  compose_head(room_, status, headers,
               {.chunked = framing_ == framing::chunked, .connection = connection_word(framing_ == framing::until_close)}, head);
  answered_ = answered::streaming;
  const bool with_piece = !first.empty() && framing_ != framing::none;
  if (with_piece && framing_ == framing::chunked) http::append_chunk_size(head, first.size());
  const std::array buffers{buffer_of(head), buffer_of(with_piece ? first : std::string_view{}),
                           buffer_of(with_piece && framing_ == framing::chunked ? http::chunk_end : std::string_view{})};
  gather rest{buffers};
  if (auto done = write_now(rest, buffers)) co_return std::move(*done);
  co_return co_await write_rest(rest);
}

task<> server_connection::send_piece(std::string_view bytes) {
  if (answered_ == answered::whole) throw std::logic_error{"more of an answer that has been finished"};
  if (answered_ == answered::broken) co_return fail(broken());
  if (bytes.empty() || framing_ == framing::none) co_return result<void>{};
  std::array<char, 20> size;
  const char* end = std::to_chars(size.data(), size.data() + 16, bytes.size(), 16).ptr;
  const bool chunked = framing_ == framing::chunked;
  std::string_view frame{size.data(), end};
  std::array<asio::const_buffer, 4> buffers{buffer_of(chunked ? frame : std::string_view{}),
                                            buffer_of(chunked ? http::chunk_end : std::string_view{}), buffer_of(bytes),
                                            buffer_of(chunked ? http::chunk_end : std::string_view{})};
  gather rest{buffers};
  if (auto done = write_now(rest, buffers)) co_return std::move(*done);
  co_return co_await write_rest(rest);
}

task<> server_connection::send_last(std::string_view bytes) {
  if (answered_ == answered::whole) throw std::logic_error{"an answer finished twice"};
  if (answered_ == answered::broken) co_return fail(broken());
  answered_ = answered::whole;
  if (framing_ == framing::none) co_return result<void>{};
  if (framing_ == framing::until_close) {
    const std::array buffers{buffer_of(bytes)};
    gather rest{buffers};
    if (auto done = write_now(rest, buffers)) co_return std::move(*done);
    co_return co_await write_rest(rest);
  }
  std::string frame;
  if (!bytes.empty()) http::append_chunk_size(frame, bytes.size());
  const std::array buffers{buffer_of(frame), buffer_of(bytes), buffer_of(bytes.empty() ? std::string_view{} : http::chunk_end),
                           buffer_of(http::last_chunk)};
  gather rest{buffers};
  if (auto done = write_now(rest, buffers)) co_return std::move(*done);
  co_return co_await write_rest(rest);
}

task<> server_connection::send_error(const error& e) {
  const answer a = write_early_error(*core_, e, request_->path, 0);
  std::vector<header> headers;
  headers.reserve(a.headers.size() + 1);
  bool has_retry_after = false;
  for (const auto& [name, value] : a.headers) {
    headers.push_back({name, value});
    has_retry_after |= http::same_text(name, "retry-after");
  }
  std::string seconds;
  if (e.retry_after && !has_retry_after) {
    seconds = fmt::format("{}", std::chrono::ceil<std::chrono::seconds>(*e.retry_after).count());
    headers.push_back({"retry-after", seconds});
  }
  co_return co_await send_whole(a.status, headers, a.body);
}

void server_connection::abort_answer() noexcept {
  if (answered_ == answered::whole || phase_ != phase::handling) return;
  answered_ = answered::broken;
  request_->on_disconnect_ = nullptr;  // it was not the client who left
  // Without a last chunk a plain close is a broken stream already; where the close would be the end (HTTP/1.0), a reset is.
  if (framing_ == framing::until_close) stream_->reset();
  end();
}

error server_connection::broken() noexcept {
  answered_ = answered::broken;
  end();
  return error{error_code::canceled, "the client has left or takes nothing", {}, "client_gone", {}};
}

/// What the socket takes at once: nearly always all of it.
std::optional<result<void>> server_connection::write_now(gather& rest, std::span<const asio::const_buffer> buffers) {
  if (phase_ != phase::handling) return fail(broken());
  const auto n = stream_->try_write(buffers);
  if (!n) return fail(broken());
  rest.advance(*n);
  if (!rest.done()) return std::nullopt;
  return result<void>{};
}

task<> server_connection::write_rest(gather rest) {
  // The client is slow. What is left of a small answer is copied, for it may lie in memory that is the shard's (the scratch, the head).
  std::string copy;
  if (const std::size_t left = rest.left(most_copied + 1); left <= most_copied) {
    copy.resize(left);
    rest.copy(copy);
    const std::array all{buffer_of(copy)};
    co_return co_await write_slowly(gather{all});
  }
  std::array<asio::const_buffer, 4> all;  // of a large one only the head is; the rest is the caller's
  const std::size_t count = rest.slice(all, static_cast<std::size_t>(-1));
  const char* first = static_cast<const char*>(all[0].data());
  if (first >= room_.out.data() && first < room_.out.data() + room_.out.size()) {
    copy.assign(first, all[0].size());
    all[0] = buffer_of(copy);
  }
  co_return co_await write_slowly(gather{std::span{all}.first(count)});
}

/// Step by step, so that a client that takes nothing for `idle_time` is told from one that is slow.
task<> server_connection::write_slowly(gather rest) {
  while (!rest.done()) {
    std::array<asio::const_buffer, 4> step;
    const std::size_t count = rest.slice(step, progress_step);
    alarm_.arm(room_.home.time().now() + limits_->idle_time);
    const auto sent = co_await stream_->write(std::span{step}.first(count));
    alarm_.disarm();
    if (!sent) co_return fail(broken());
    rest.advance(progress_step);
  }
  co_return result<void>{};
}

}  // namespace naru::net
