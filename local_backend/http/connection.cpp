#include "local_backend/http/connection.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "core/json/writer.hpp"
#include "local_backend/http/chat.hpp"
#include "local_backend/http/reply.hpp"

namespace naru::local_backend {
namespace {

namespace http = beast::http;

constexpr std::size_t most_head = 16 * 1024;
constexpr std::size_t most_body = 8 * 1024 * 1024;  // far past what a context of 128k tokens can hold, escapes included
constexpr std::chrono::minutes idle_limit{10};
constexpr std::chrono::seconds head_limit{15};
constexpr std::chrono::seconds body_limit{60};

using parser = http::request_parser<http::string_body>;

std::string_view view(beast::string_view s) { return {s.data(), s.size()}; }

reply refuse(error_code code, std::string message) {
  auto r = error_reply({code, std::move(message), {}, {}, {}});
  r.close = true;  // what is left of the request is not read
  return r;
}

std::optional<reply> read_fault(boost::system::error_code ec) {
  if (ec == http::error::header_limit) return refuse(error_code::head_too_large, fmt::format("want a head of at most {} bytes", most_head));
  if (ec == http::error::body_limit)
    return refuse(error_code::payload_too_large, fmt::format("want a body of at most {} bytes", most_body));
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) return std::nullopt;
  if (ec.category() == http::make_error_code(http::error::bad_method).category())
    return refuse(error_code::bad_request, "this is not HTTP/1.1: " + ec.message());
  return std::nullopt;  // the connection is broken or too slow: nobody listens
}

request_facts facts(const parser& p) {
  const auto& m = p.get();
  return {.method = view(m.method_string()),
          .path = view(m.target()),
          .host = view(m[http::field::host]),
          .origin = view(m[http::field::origin]),
          .authorization = view(m[http::field::authorization]),
          .content_type = view(m[http::field::content_type]),
          .content_encoding = view(m[http::field::content_encoding])};
}

/// What is wrong with the head, before the body is read.
std::optional<reply> check_head(const service& s, const parser& p) {
  const auto& m = p.get();
  if (m.version() != 11) return refuse(error_code::bad_request, "want HTTP/1.1");
  if (m.count(http::field::host) != 1) return refuse(error_code::bad_request, "want one \"host\" header");
  if (m.count(http::field::authorization) > 1) return refuse(error_code::bad_request, "want one \"authorization\" header");
  if (m.count(http::field::transfer_encoding) != 0 && m.count(http::field::content_length) != 0) {
    return refuse(error_code::bad_request, "want either \"content-length\" or \"transfer-encoding\"");
  }
  if (auto ok = s.gate.check(facts(p)); !ok) {
    auto r = error_reply(ok.error());
    r.close = true;
    return r;
  }
  return std::nullopt;
}

reply health(const service& s) {
  const auto* model = s.engine.model();
  const auto taken = s.jobs.taken();
  const auto running = s.engine.running();
  reply r;
  r.status = model != nullptr && !s.draining ? 200 : 503;
  json::writer w{r.body};
  w.begin_object();
  w.field("status", model == nullptr ? "loading" : s.draining ? "draining" : "ready");
  if (model != nullptr) {
    w.field("model", std::string_view{model->shape().name});
    w.field("context", model->shape().context).field("request_context", model->shape().request);
  }
  w.field("sequences", s.settings.sequences).field("sequences_in_use", running);
  w.field("queue_depth", taken > running ? taken - running : 0).field("queue_limit", s.jobs.queue_limit());
  w.end_object();
  return r;
}

reply models(const service& s) {
  reply r;
  json::writer w{r.body};
  w.begin_object().field("object", "list").key("data").begin_array();
  if (const auto* model = s.engine.model()) {
    w.begin_object().field("id", std::string_view{model->shape().name}).field("object", "model").field("created", s.created);
    w.field("owned_by", "naru-worker").field("context_length", model->shape().request).end_object();
  }
  w.end_array().end_object();
  return r;
}

/// Every path and its one method.
struct route {
  std::string_view path{};
  std::string_view method{};
};
constexpr std::array routes{route{"/v1/chat/completions", "POST"}, route{"/v1/models", "GET"}, route{"/health", "GET"}};

std::optional<reply> check_route(const request_facts& f) {
  const auto* found = std::ranges::find(routes, f.path, &route::path);
  if (found == routes.end()) return refuse(error_code::not_found, "want /v1/chat/completions, /v1/models or /health");
  if (found->method == f.method) return std::nullopt;
  auto r = refuse(error_code::method_not_allowed, fmt::format("{} wants {}", found->path, found->method));
  r.headers.emplace_back("allow", std::string{found->method});
  return r;
}

/// Reads and answers one request. @return whether the connection may carry another
task<bool> serve_request(service& s, stream& peer, beast::flat_buffer& buffer) {
  parser p;
  p.header_limit(most_head);
  p.body_limit(most_body);
  peer.expires_after(head_limit);
  auto [ec, n] = co_await http::async_read_header(peer, buffer, p, use);
  auto wrong = ec ? read_fault(ec) : check_head(s, p);
  if (!ec && !wrong) wrong = check_route(facts(p));
  if (wrong) co_return co_await send(peer, std::move(*wrong));
  if (ec) co_return false;
  if (beast::iequals(p.get()[http::field::expect], "100-continue")) {
    const bool written = co_await write_all(peer, "HTTP/1.1 100 Continue\r\n\r\n");
    if (!written) co_return false;
  }
  peer.expires_after(body_limit);
  auto [body_ec, body_n] = co_await http::async_read(peer, buffer, p, use);
  peer.expires_never();
  if (body_ec) {
    wrong = read_fault(body_ec);
    if (wrong) co_return co_await send(peer, std::move(*wrong));
    co_return false;
  }
  const bool asked_to_close = !p.get().keep_alive();
  const std::string path{facts(p).path};
  if (path == "/v1/chat/completions") {
    const bool keep = co_await answer_chat(s, peer, std::move(p.get().body()));
    co_return keep && !asked_to_close;
  }
  auto r = path == "/health" ? health(s) : models(s);
  r.close = asked_to_close;
  co_return co_await send(peer, std::move(r));
}

/// Waits, for as long as a pooled connection may be idle, until the next request begins.
task<bool> wait_for_request(stream& peer, beast::flat_buffer& buffer) {
  if (buffer.size() != 0) co_return true;
  peer.expires_after(idle_limit);
  const auto [ec, n] = co_await peer.async_read_some(buffer.prepare(most_head), use);
  buffer.commit(n);
  co_return !ec;
}

}  // namespace

task<void> serve_connection(service& s, stream peer) {
  struct seat {
    service& s;
    explicit seat(service& of) : s(of) { ++s.connections; }
    ~seat() { --s.connections; }
    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;
  } const taken{s};
  beast::flat_buffer buffer{most_head + most_body};
  buffer.reserve(64 * 1024);  // an empty one reads 512 bytes at a time
  for (bool open = true; open;) {
    open = co_await wait_for_request(peer, buffer);
    if (open) open = co_await serve_request(s, peer, buffer);
  }
  boost::system::error_code ignored;  // the peer may have closed first
  peer.socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace naru::local_backend
