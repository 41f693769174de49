#include "local_backend/http/reply.hpp"

#include <fmt/format.h>

#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace naru::local_backend {
namespace {

constexpr std::chrono::seconds write_limit{60};  // a client that takes nothing for so long has gone

std::string queue_full_body(const error& e) {
  std::string body;
  json::writer w{body};
  w.begin_object().key("error").begin_object();
  w.field("message", std::string_view{e.message}).field("type", "overloaded").key("param").null().field("code", "queue_full");
  w.end_object().end_object();
  return body;
}

}  // namespace

reply error_reply(const error& e, std::string_view request_id) {
  reply r;
  r.status = http_status(e.code);
  r.body = e.reason == "queue_full" ? queue_full_body(e) : dialects::openai_chat::client().write_error(e, request_id);
  if (e.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*e.retry_after).count();
    r.headers.emplace_back("retry-after", std::to_string(seconds));
  }
  if (e.code == error_code::unauthorized) r.headers.emplace_back("www-authenticate", "Bearer");
  return r;
}

task<bool> write_all(stream& peer, std::string_view bytes) {
  peer.expires_after(write_limit);
  const auto [ec, n] = co_await asio::async_write(peer, asio::buffer(bytes), use);
  peer.expires_never();
  co_return !ec;
}

task<bool> send(stream& peer, reply r) {
  const auto status = static_cast<beast::http::status>(r.status);
  const auto reason = beast::http::obsolete_reason(status);
  auto text = fmt::format("HTTP/1.1 {} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", r.status,
                          std::string_view{reason.data(), reason.size()}, r.body.size());
  for (const auto& [name, value] : r.headers) text += fmt::format("{}: {}\r\n", name, value);
  if (r.close) text += "connection: close\r\n";
  text += "\r\n";
  text += r.body;
  const bool written = co_await write_all(peer, text);
  co_return written && !r.close;
}

std::string_view stream_head() noexcept {
  return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\ntransfer-encoding: chunked\r\n\r\n";
}

void append_chunk(std::string& out, std::string_view data) {
  out += fmt::format("{:x}\r\n", data.size());
  out += data;
  out += "\r\n";
}

}  // namespace naru::local_backend
