#include <chrono>
#include <fstream>
#include <iterator>

#include "gateway/net/client/pool.hpp"
#include "gateway/upstream/renewed.hpp"
#include "gateway/upstream/signer.hpp"
#include "providers/vendors/bedrock/sigv4.hpp"

namespace naru::upstream {
namespace {

using headers = std::vector<dialects::header>;

constexpr std::size_t longest_answer = 256 * 1024;
const net::client::timeouts patience{
    .connect = std::chrono::seconds{5}, .first_byte = std::chrono::seconds{10}, .idle = std::chrono::seconds{10}};

std::int64_t in_seconds(wall_time t) { return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count(); }

struct plain_answer {
  int status = 0;
  std::string body;
};

/// A form is posted to whoever gives credentials; nothing of a client's request is in it.
net::task<plain_answer> post_form(net::client::pool& pool, std::shared_ptr<const net::client::origin> to, std::string path,
                                  std::string form) {
  net::client::exchange call = pool.open(std::move(to));
  const std::vector<net::http::header> lines{{"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
  const std::string_view whole = form;
  const net::client::outgoing out{.path = path, .host = {}, .headers = lines, .body = {&whole, 1}};
  const auto head = co_await call.send(out, patience);
  if (!head) co_return fail(head.error());
  auto body = co_await call.read_all(longest_answer);
  if (!body) co_return fail(std::move(body.error()));
  co_return plain_answer{head->status, std::move(*body)};
}

headers sign_aws(const unsigned_call& call, const vendors::aws_credentials& keys, std::string_view region, wall_time now) {
  const auto query = call.path.find('?');
  const vendors::aws_header signed_line{"content-type", call.content_type};
  return vendors::sign_aws_call({.host = call.host,
                                 .path = call.path.substr(0, query),
                                 .query = query == std::string_view::npos ? std::string_view{} : call.path.substr(query + 1),
                                 .headers = {&signed_line, 1},
                                 .body = call.body,
                                 .region = region},
                                keys, in_seconds(now));
}

class lasting_keys final : public signer {
 public:
  lasting_keys(vendors::aws_credentials keys, std::string region) : keys_(std::move(keys)), region_(std::move(region)) {}

  net::task<headers> sign(unsigned_call call, net::shard& home, net::client::pool&) const override {
    co_return sign_aws(call, keys_, region_, home.time().wall_now());
  }

 private:
  vendors::aws_credentials keys_;
  std::string region_;
};

class role_keys final : public signer, public std::enable_shared_from_this<role_keys> {
 public:
  role_keys(role_settings role, std::string region, std::shared_ptr<const net::client::origin> sts)
      : role_(std::move(role)), region_(std::move(region)), sts_(std::move(sts)) {}

  net::task<headers> sign(unsigned_call call, net::shard& home, net::client::pool& pool) const override {
    const auto keys = co_await keys_.get(home, shared_from_this(), [this, &home, &pool] { return fetch(home, pool); });
    if (!keys) co_return fail(keys.error());
    co_return sign_aws(call, **keys, region_, home.time().wall_now());
  }

 private:
  using fetched = renewed<vendors::aws_credentials>::fetched;

  net::task<fetched> fetch(net::shard& home, net::client::pool& pool) const {
    // One small file, about once an hour: not worth a thread of its own.
    std::ifstream in(role_.token_file, std::ios::binary);
    const std::string token{std::istreambuf_iterator<char>(in), {}};
    if (token.empty()) co_return fail(error_code::upstream_failed, "the role's token file cannot be read");
    const auto answer = co_await post_form(pool, sts_, "/", vendors::aws_role_request(role_.arn, role_.session, token));
    if (!answer) co_return fail(answer.error());
    if (answer->status != 200)
      co_return fail(error_code::upstream_failed, "AWS gave no keys for the role: HTTP " + std::to_string(answer->status));
    auto keys = vendors::read_aws_role_answer(answer->body);
    if (!keys) co_return fail(std::move(keys.error()));
    constexpr std::int64_t usual = 3600;
    const std::int64_t now = in_seconds(home.time().wall_now());
    const std::int64_t left = keys->expires.value_or(now + usual) - now;
    co_return fetched{std::move(*keys), std::chrono::seconds{left}};
  }

  role_settings role_;
  std::string region_;
  std::shared_ptr<const net::client::origin> sts_;
  mutable renewed<vendors::aws_credentials> keys_;
};

class google_tokens final : public signer, public std::enable_shared_from_this<google_tokens> {
 public:
  google_tokens(vendors::google_auth::service_account account, std::shared_ptr<const net::client::origin> tokens, std::string path)
      : account_(std::move(account)), tokens_(std::move(tokens)), path_(std::move(path)) {}

  net::task<headers> sign(unsigned_call, net::shard& home, net::client::pool& pool) const override {
    const auto token = co_await token_.get(home, shared_from_this(), [this, &home, &pool] { return fetch(home, pool); });
    if (!token) co_return fail(token.error());
    co_return headers{{"authorization", "Bearer " + **token}};
  }

 private:
  using fetched = renewed<std::string>::fetched;

  net::task<fetched> fetch(net::shard& home, net::client::pool& pool) const {
    const auto assertion = vendors::google_auth::make_assertion(account_, in_seconds(home.time().wall_now()));
    if (!assertion) co_return fail(assertion.error());
    const auto answer = co_await post_form(pool, tokens_, path_, vendors::google_auth::token_request(*assertion));
    if (!answer) co_return fail(answer.error());
    auto token = vendors::google_auth::read_token_answer(answer->status, answer->body);
    if (!token) co_return fail(std::move(token.error()));
    co_return fetched{std::move(token->value), token->lifetime};
  }

  vendors::google_auth::service_account account_;
  std::shared_ptr<const net::client::origin> tokens_;
  std::string path_;
  mutable renewed<std::string> token_;
};

}  // namespace

std::shared_ptr<const signer> make_aws_signer(vendors::aws_credentials keys, std::string region) {
  return std::make_shared<lasting_keys>(std::move(keys), std::move(region));
}

std::shared_ptr<const signer> make_aws_role_signer(role_settings role, std::string region, std::shared_ptr<const net::client::origin> sts) {
  return std::make_shared<role_keys>(std::move(role), std::move(region), std::move(sts));
}

std::shared_ptr<const signer> make_google_signer(vendors::google_auth::service_account account,
                                                 std::shared_ptr<const net::client::origin> tokens, std::string path) {
  return std::make_shared<google_tokens>(std::move(account), std::move(tokens), std::move(path));
}

}  // namespace naru::upstream
