#include "gateway/api/traffic.hpp"

#include <algorithm>

#include "gateway/api/door.hpp"
#include "gateway/api/models_list.hpp"
#include "gateway/api/paths.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/flow/steps.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace naru::api {
namespace {

/// The dialect in which an error on this path is told. One dialect so far; others come with their paths.
const dialects::client_dialect& dialect_of_path(std::string_view) { return dialects::openai_chat::client(); }

bool is_health(endpoint e) noexcept { return e == endpoint::livez || e == endpoint::readyz; }

/// Word of the metrics' `api` for a path.
std::string_view api_of(endpoint e) noexcept {
  switch (e) {
    case endpoint::chat_completions: return "chat";
    case endpoint::models:
    case endpoint::model: return "models";
    case endpoint::livez:
    case endpoint::readyz:
    case endpoint::none: break;
  }
  return "other";
}

/// The limit that a request was turned away for, as a static word; empty: something else was the matter.
std::string_view limit_of(const error& e) noexcept {
  if (e.code != error_code::overloaded) return {};
  for (const std::string_view limit : {"requests", "lag"}) {
    if (e.field.ends_with(limit)) return limit;
  }
  return "connections";
}

void add_retry_lines(const error& e, net::answer& out) {
  out.headers.emplace_back("x-should-retry", client_should_retry(e.code) ? "true" : "false");
  if (!e.retry_after) return;
  const auto ms = std::max<std::int64_t>(e.retry_after->count(), 1);
  out.headers.emplace_back("retry-after-ms", std::to_string(ms));
  out.headers.emplace_back("retry-after", std::to_string((ms + 999) / 1000));
}

}  // namespace

traffic::traffic(std::vector<std::unique_ptr<flow::services>>& shards, std::function<bool()> ready)
    : shards_(shards),
      ready_(std::move(ready)),
      started_(static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count())) {}

net::server_hooks traffic::hooks() {
  return {.handle = [this](std::shared_ptr<net::request> r, net::response& out) { return handle(std::move(r), out); },
          .check_head = [this](net::request& r) { return check_head(r); },
          .early_error = [this](const error& e, std::string_view path, net::answer& out) { early_error(e, path, out); }};
}

flow::services& traffic::here() const { return *shards_[net::shard::current()->index()]; }

std::optional<error> traffic::check_head(net::request& r) const {
  const route to = find_route(r.path);
  if (to.to == endpoint::none)
    return error{error_code::not_found, "there is nothing at this path; see GET /v1/models and POST /v1/chat/completions", {}, {}, {}};
  if (!is_allowed(to.to, r.method)) {
    return error{error_code::method_not_allowed, "want one of: " + std::string(allowed_methods(to.to)), {}, {}, {}};
  }
  if (is_health(to.to)) return std::nullopt;
  if (to.to == endpoint::chat_completions) {  // lists cost next to nothing
    if (auto full = here().turn_away(r.find("x-stainless-retry-count"))) return full;
  }
  const auto& settings = here().settings();
  if (settings->callers.empty()) {
    if (auto refused = check_open_door(r)) return refused;
  } else {
    auto who = settings->callers.find(flow::credential(r));
    if (!who) {
      return error{
          error_code::unauthorized, "want a known API key: Authorization: Bearer <key>, or x-api-key, api-key, x-goog-api-key", {}, {}, {}};
    }
    r.known_as = std::move(who);
    r.known_by = settings;
  }
  if (r.method == "POST") return check_json_body(r);
  return std::nullopt;
}

void traffic::early_error(const error& e, std::string_view path, net::answer& out) const {
  const std::string id = here().make_request_id();
  out.status = http_status(e.code);
  out.body = dialect_of_path(path).write_error(e, id);
  out.headers = {{"content-type", "application/json"}, {"x-request-id", id}, {"request-id", id}};
  if (e.code == error_code::method_not_allowed) out.headers.emplace_back("allow", allowed_methods(find_route(path).to));
  if (e.code == error_code::unauthorized) out.headers.emplace_back("www-authenticate", "Bearer");
  add_retry_lines(e, out);
  note(id, api_of(find_route(path).to), out.status, e.code, limit_of(e));
}

void traffic::note(std::string request_id, std::string_view api, int status, std::optional<error_code> why, std::string_view shed) const {
  flow::services& s = here();
  observe::exchange_record r;
  r.request_id = std::move(request_id);
  r.at = s.shard.time().wall_now();
  r.api = api;
  r.status = status;
  r.error = why;
  r.shed = shed;
  if (why) r.outcome = status >= 500 ? observe::outcome::policy_denied : observe::outcome::client_error;
  s.settled(r);
}

net::asio::awaitable<void, net::executor> traffic::handle(std::shared_ptr<net::request> r, net::response& out) {
  const route to = find_route(r->path);
  switch (to.to) {
    case endpoint::chat_completions: co_await flow::serve_chat(here(), std::move(r), out, dialects::openai_chat::client()); break;
    case endpoint::models:
    case endpoint::model: co_await models(std::move(r), out, to.id); break;
    case endpoint::livez: co_await health(out, true); break;
    case endpoint::readyz: co_await health(out, ready_()); break;
    case endpoint::none: break;  // check_head has ended it
  }
}

net::asio::awaitable<void, net::executor> traffic::models(std::shared_ptr<net::request> r, net::response& out, const std::string& id) {
  flow::services& s = here();
  const auto settings = s.settings();
  const auto who = settings->callers.empty() ? nullptr : settings->callers.find(flow::credential(*r));
  const std::string request_id = s.make_request_id();
  int status = 200;
  std::string body;
  std::optional<error_code> why;
  if (!who && !settings->callers.empty()) {  // its key was taken away since the door let it in
    const error e{error_code::unauthorized, "the API key is not known here", {}, {}, {}};
    status = http_status(e.code);
    why = e.code;
    body = dialects::openai_chat::client().write_error(e, request_id);
  } else if (id.empty()) {
    body = list_models(*settings, who.get(), started_);
  } else if (auto one = show_model(*settings, who.get(), id, started_)) {
    body = std::move(*one);
  } else {
    const error e{
        error_code::not_found, "this model does not exist here; GET /v1/models lists those that do", "model", "model_not_found", {}};
    status = http_status(e.code);
    why = e.code;
    body = dialects::openai_chat::client().write_error(e, request_id);
  }
  note(request_id, "models", status, why);
  // That the client left before its answer is nobody's fault and leaves nothing to do.
  (void)co_await out.send(status, {{"content-type", "application/json"}, {"x-request-id", request_id}, {"request-id", request_id}}, body);
}

net::asio::awaitable<void, net::executor> traffic::health(net::response& out, bool good) {
  (void)co_await out.send(good ? 200 : 503, {{"content-type", "text/plain"}, {"cache-control", "no-store"}}, good ? "ok\n" : "not ready\n");
}

}  // namespace naru::api
