#include "gateway/upstream/gate.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "gateway/net/client/connect.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/net/client/pool.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/upstream/signer.hpp"

namespace naru::upstream {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

class http_call final : public call {
 public:
  http_call(net::shard& s, net::client::pool& p, std::shared_ptr<const provider> to, std::size_t key)
      : shard_(s), pool_(p), exchange_(p.open(to->origin)), provider_(std::move(to)), key_(key) {}

  net::task<answer_head> send(const dialects::wire_request& request, deadline until, bool may_send_twice) override {
    const std::string path = provider_->base_path + request.path;
    boost::container::small_vector<net::http::header, 16> headers{{"content-type", request.content_type}};
    std::optional<std::pair<std::string, std::string>> credential;
    if (key_ != key_ring::none && !provider_->signs) credential = vendors::auth_header(provider_->auth, provider_->keys->value(key_));
    if (credential) headers.push_back({credential->first, credential->second});
    for (const auto& [name, value] : provider_->headers) headers.push_back({name, value});
    for (const auto& [name, value] : request.headers) headers.push_back({name, value});

    const std::string_view whole = request.body;
    std::span<const std::string_view> body{&whole, 1};
    if (!request.spliced.views.empty()) body = request.spliced.views;
    std::vector<dialects::header> signature;
    if (provider_->signs) {
      const std::string host = provider_->origin->authority();
      auto made =
          co_await provider_->signs->sign({.host = host, .path = path, .content_type = request.content_type, .body = body}, shard_, pool_);
      if (!made) co_return fail(std::move(made.error()));
      signature = std::move(*made);
      for (const auto& [name, value] : signature) headers.push_back({name, value});
    }
    const net::client::outgoing out{.method = "POST",
                                    .path = path,
                                    .host = {},
                                    .headers = {headers.data(), headers.size()},
                                    .body = body,
                                    .may_send_twice = may_send_twice};
    const auto& t = provider_->timeouts;
    const net::client::timeouts limits{
        .connect = t.connect, .first_byte = t.first_byte, .idle = t.idle, .total = until.sooner(shard_.time().now(), t.total)};
    const auto head = co_await exchange_.send(out, limits);
    if (!head) co_return fail(head.error());
    co_return answer_head{head->status, head->headers};
  }

  net::task<std::string_view> read() override { return exchange_.read_body(); }
  std::optional<result<std::string_view>> read_ready() override { return exchange_.read_ready(); }
  void cancel() noexcept override { exchange_.cancel(); }
  [[nodiscard]] bool sent_twice() const noexcept override { return exchange_.sent_twice(); }

 private:
  net::shard& shard_;
  net::client::pool& pool_;
  net::client::exchange exchange_;
  std::shared_ptr<const provider> provider_;
  std::size_t key_;
};

}  // namespace

bool answer_head::is_stream_of(dialects::framing f) const noexcept {
  const std::string_view type = find("content-type");
  switch (f) {
    case dialects::framing::sse: return type.starts_with("text/event-stream");
    // Servers name it application/x-ndjson, application/jsonl or plain application/json.
    case dialects::framing::ndjson: return type.starts_with("application/");
    case dialects::framing::aws_events: return type.starts_with("application/vnd.amazon.eventstream");
  }
  return false;
}

std::vector<dialects::header> answer_head::headers() const {
  std::vector<dialects::header> out;
  out.reserve(lines.size());
  for (const auto& h : lines) out.emplace_back(lower(h.name), std::string(h.value));
  return out;
}

struct gate::impl {
  explicit impl(net::shard& s) : shard(s), pool(s, net::client::make_connector(s, std::make_shared<net::client::resolver>(s))) {}
  net::shard& shard;
  net::client::pool pool;
};

gate::gate(net::shard& s) : impl_(std::make_unique<impl>(s)) {}
gate::~gate() = default;

result<std::unique_ptr<call>> gate::open(const sensitivity::clearance_permit& permit, const deployment& d, std::size_t key) {
  if (permit.sink() != d.facts.id) return fail(error_code::internal, "a permit for another deployment was shown at the gate");
  if (d.off || !d.provider->origin) return fail(error_code::internal, "a deployment that is off was asked for at the gate");
  return std::make_unique<http_call>(impl_->shard, impl_->pool, d.provider, key);
}

}  // namespace naru::upstream
