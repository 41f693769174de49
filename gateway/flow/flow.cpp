#include "gateway/flow/flow.hpp"

#include <spdlog/spdlog.h>

#include "gateway/flow/steps.hpp"

namespace naru::flow {
namespace {

net::task<> answer(exchange& x) {
  if (auto planned = plan(x); !planned) co_return planned;  // which deployments, in which order          400, 429, 503
  co_return co_await attempt(x);                            // through the gate; retry, fall back, relay  502, 504
}

/// The way of a request. Each line is a file of this folder.
net::task<> walk(exchange& x) {
  if (auto known = identify(x); !known) co_return known;  // API key to caller                          401
  if (auto known = heed(x); !known) co_return known;      // how long the client waits                  400
  if (auto chat = read(x); !chat) co_return chat;         // the client's dialect to a chat             400, 403, 404
  label(x);                                               // base label, raised by header and detectors
  if (auto free = limit(x); !free) co_return free;        // concurrency                                429
  auto answered = co_await answer(x);
  const bool nobody_counts = !answered && x.chat.kind == request_kind::token_count && !x.reply->head_sent() && !x.canceled();
  if (nobody_counts) co_return co_await count_here(x);  // our own estimate
  co_return answered;
}

/// The one catch of a request: a bug ends this request alone, with a 500 that says nothing, and is settled like every other end.
net::task<> walk_guarded(exchange& x) {
  try {
    co_return co_await walk(x);
  } catch (const std::exception& bug) {
    spdlog::error("bug: request {}: {}", x.record.request_id, bug.what());
  }
  x.on_cancel = nullptr;  // what it would end is gone
  co_return fail(error_code::internal, "internal error");
}

/// Tells the client about an error, in its dialect: as a status while the head is unsent, else as an error event.
net::asio::awaitable<void, net::executor> tell(exchange& x, const error& e) {
  if (e.reason == "told" || e.reason == "relayed" || e.code == error_code::canceled) co_return;
  x.reply->set_header("x-should-retry", client_should_retry(e.code) ? "true" : "false");
  if (e.retry_after) {
    const auto ms = std::max<std::int64_t>(e.retry_after->count(), 1);
    x.reply->set_header("retry-after-ms", std::to_string(ms));
    x.reply->set_header("retry-after", std::to_string((ms + 999) / 1000));
  }
  if (!x.reply->head_sent()) {
    const auto sent = co_await x.reply->send(http_status(e.code), "application/json", x.dialect.write_error(e, x.record.request_id));
    if (sent || sent.error().code != error_code::conflict) co_return;
  }
  if (!x.reply->is_stream()) co_return;  // a whole answer is out, or a head that never arrived: there is no place for an error
  std::string event;
  x.dialect.make_stream_writer(x.chat, x.record.request_id, 0)->fail(e, x.record.request_id, event);
  (void)co_await x.reply->finish(event);  // that the client left meanwhile changes nothing
}

}  // namespace

net::asio::awaitable<void, net::executor> serve(services& s, std::shared_ptr<net::request> request, net::response& response,
                                                const dialects::client_dialect& dialect, arrival how) {
  exchange x(s, std::move(request), response, dialect, std::move(how));
  x.request->on_disconnect([&x] { x.cancel(); });
  auto end = co_await walk_guarded(x);
  if (!end && end.error().code == error_code::canceled && x.stopped()) {
    end = fail(*x.stopped());
  }
  if (!end) co_await tell(x, end.error());
  co_await x.reply->close();
  x.request->on_disconnect({});
  settle(x, end);
}

}  // namespace naru::flow
