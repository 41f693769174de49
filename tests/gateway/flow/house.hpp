#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/flow/flow.hpp"
#include "gateway/flow/waits.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/net/server.hpp"
#include "gateway/upstream/gate.hpp"
#include "tests/gateway/flow/snapshots.hpp"
#include "tests/support/http_client.hpp"

namespace naru::flow::test {

using coroutine = net::asio::awaitable<void, net::executor>;

template <class Condition>
bool eventually(Condition condition) {
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{15}; std::chrono::steady_clock::now() < until;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return condition();
}

/// Waits on the shard that runs the caller.
inline coroutine wait(std::chrono::milliseconds how_long) {
  pause rest(*net::shard::current());
  co_await rest.until(net::shard::current()->time().now() + how_long);
}

/// A vendor: answers each call by the next of its steps (the last one again and again), and notes what it was asked.
class vendor {
 public:
  using step = std::function<coroutine(const net::request&, net::response&)>;

  explicit vendor(std::vector<step> steps)
      : steps_(std::move(steps)),
        server_(std::make_unique<net::server>(
            std::vector<net::shard*>{&shard_},
            net::server_hooks{.handle = [this](std::shared_ptr<net::request> r, net::response& out) { return handle(std::move(r), out); },
                              .check_head = {},
                              .early_error = {}},
            std::make_shared<const net::server_limits>())) {
    const auto port = server_->listen({.address = "127.0.0.1:0", .tag = "vendor", .tls = nullptr});
    if (!port) throw std::runtime_error(port.error().message);
    auto o = std::make_shared<net::client::origin>();
    o->host = "127.0.0.1";
    o->port = *port;
    origin_ = std::move(o);
    shard_.start();
  }
  ~vendor() {
    server_.reset();
    shard_.stop();
    shard_.join();
  }
  vendor(const vendor&) = delete;
  vendor& operator=(const vendor&) = delete;

  [[nodiscard]] const std::shared_ptr<const net::client::origin>& origin() const noexcept { return origin_; }
  /// Authorization of each call so far.
  [[nodiscard]] std::vector<std::string> keys() const {
    const std::scoped_lock lock(mutex_);
    return keys_;
  }
  [[nodiscard]] std::size_t calls() const { return keys().size(); }
  [[nodiscard]] std::size_t connections() const { return server_->counts().connections; }

 private:
  coroutine handle(std::shared_ptr<net::request> r, net::response& out) {
    std::size_t turn = 0;
    {
      const std::scoped_lock lock(mutex_);
      turn = keys_.size();
      keys_.emplace_back(r->find("authorization"));
    }
    co_await steps_[std::min(turn, steps_.size() - 1)](*r, out);
  }

  std::vector<step> steps_;
  mutable std::mutex mutex_;
  std::vector<std::string> keys_;
  net::shard shard_{0};
  std::unique_ptr<net::server> server_;
  std::shared_ptr<const net::client::origin> origin_;
};

/// A gateway of one shard with nothing around the flow: no door, no settings, no metrics; only what was settled is kept.
class house {
 public:
  explicit house(std::shared_ptr<const snapshot> s)
      : gate_(shard_),
        services_(shard_, gate_),
        server_(std::make_unique<net::server>(
            std::vector<net::shard*>{&shard_},
            net::server_hooks{
                .handle = [this](std::shared_ptr<net::request> r,
                                 net::response& out) { return serve(services_, std::move(r), out, dialects::openai_chat::client(), {}); },
                .check_head = {},
                .early_error = {}},
            std::make_shared<const net::server_limits>())) {
    services_.set_settings(s);
    services_.settled = [this](const observe::exchange_record& r) {
      const std::scoped_lock lock(mutex_);
      settled_.push_back(r);
    };
    const auto port = server_->listen({.address = "127.0.0.1:0", .tag = "traffic", .tls = nullptr});
    if (!port) throw std::runtime_error(port.error().message);
    port_ = *port;
    shard_.start();
  }
  ~house() {
    server_.reset();
    shard_.stop();
    shard_.join();
  }
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  net::shard& shard() noexcept { return shard_; }
  services& shared() noexcept { return services_; }
  [[nodiscard]] std::vector<observe::exchange_record> settled() const {
    const std::scoped_lock lock(mutex_);
    return settled_;
  }
  /// Waits for the one exchange of a test to be settled.
  [[nodiscard]] observe::exchange_record record() const {
    if (!eventually([&] { return !settled().empty(); })) throw std::runtime_error("nothing was settled");
    return settled().front();
  }

  [[nodiscard]] naru::test::http_answer ask(const std::string& body, const naru::test::header_lines& headers = {}) const {
    return naru::test::ask(port_, "POST", "/v1/chat/completions", headers, body);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<observe::exchange_record> settled_;
  net::shard shard_{0};
  upstream::gate gate_;
  services services_;
  std::unique_ptr<net::server> server_;
  std::uint16_t port_ = 0;
};

inline std::string question(std::string_view model, bool stream, std::string_view more = {}) {
  return "{\"model\":\"" + std::string(model) +
         "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":" + (stream ? "true" : "false") + std::string(more) + "}";
}

inline std::string chunk(std::string_view text) {
  return R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"content":")" +
         std::string(text) + "\"},\"finish_reason\":null}]}\n\n";
}
inline const std::string last_chunk =
    R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
    "\n\n";
inline const std::string usage_chunk =
    R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}})"
    "\n\n";
inline const std::string done = "data: [DONE]\n\n";
inline const std::string whole_answer =
    R"({"id":"c1","object":"chat.completion","created":1,"model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}})";

/// Sends an event stream in these pieces, each with a pause before it, so that the gateway reads them one by one.
inline vendor::step stream_of(std::vector<std::string> pieces, bool orderly = true,
                              std::chrono::milliseconds pause_before = std::chrono::milliseconds{25}) {
  return [pieces = std::move(pieces), orderly, pause_before](const net::request&, net::response& out) -> coroutine {
    auto stream = co_await out.start(200, {{"content-type", "text/event-stream"}});
    if (!stream) co_return;
    for (const auto& piece : pieces) {
      co_await wait(pause_before);
      if (const auto sent = co_await stream->send(piece); !sent) co_return;
    }
    if (orderly)
      (void)co_await stream->finish();
    else
      stream->abort();
  };
}

inline vendor::step answer_of(int status, std::string body, std::string_view type = "application/json") {
  return [status, body = std::move(body), type](const net::request&, net::response& out) -> coroutine {
    (void)co_await out.send(status, {{"content-type", type}}, body);
  };
}

inline const std::string unauthorized =
    R"({"error":{"message":"bad key sk-vendor-secret","type":"invalid_request_error","code":"invalid_api_key"}})";

}  // namespace naru::flow::test
