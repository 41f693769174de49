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

/// Whether a query holds this pair, as it stands.
bool has_pair(std::string_view query, std::string_view pair) noexcept {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    if (query.substr(0, end) == pair) return true;
    if (end == std::string_view::npos) return false;
    query.remove_prefix(end + 1);
  }
  return false;
}

bool is_health(endpoint e) noexcept { return e == endpoint::livez || e == endpoint::readyz; }

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
  if (to.to == endpoint::hello) return std::nullopt;  // says nothing that a port scan does not
  if (to.to == endpoint::request) {                   // lists cost next to nothing
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
  const route to = find_route(path);
  out.body = to.dialect->write_error(e, id);
  out.headers = {{"content-type", "application/json"}, {"x-request-id", id}, {"request-id", id}};
  if (e.code == error_code::method_not_allowed) out.headers.emplace_back("allow", allowed_methods(to.to));
  if (e.code == error_code::unauthorized) out.headers.emplace_back("www-authenticate", "Bearer");
  add_retry_lines(e, out);
  note(id, to.api, out.status, e.code, limit_of(e));
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
    case endpoint::request: {
      flow::arrival how{.api = to.api, .model = to.id, .stream = to.stream, .as_events = has_pair(r->query, "alt=sse")};
      co_await flow::serve(here(), std::move(r), out, *to.dialect, std::move(how));
      break;
    }
    case endpoint::models:
    case endpoint::model:
    case endpoint::gemini_models:
    case endpoint::gemini_model: co_await models(std::move(r), out, to); break;
    case endpoint::hello: co_await health(out, true); break;
    case endpoint::livez: co_await health(out, true); break;
    case endpoint::readyz: co_await health(out, ready_()); break;
    case endpoint::none: break;  // check_head has ended it
  }
}

net::asio::awaitable<void, net::executor> traffic::models(std::shared_ptr<net::request> r, net::response& out, const route& to) {
  flow::services& s = here();
  const auto settings = s.settings();
  const auto who = settings->callers.empty() ? nullptr : settings->callers.find(flow::credential(*r));
  const std::string request_id = s.make_request_id();
  int status = 200;
  std::string body;
  const bool gemini = to.to == endpoint::gemini_models || to.to == endpoint::gemini_model;
  const auto reader = gemini                                              ? reader_of_models::gemini
                      : r->query.find("client_version=") != r->query.npos ? reader_of_models::codex
                                                                          : reader_of_models::sdk;
  std::optional<error_code> why;
  if (!who && !settings->callers.empty()) {  // its key was taken away since the door let it in
    const error e{error_code::unauthorized, "the API key is not known here", {}, {}, {}};
    status = http_status(e.code);
    why = e.code;
    body = to.dialect->write_error(e, request_id);
  } else if (to.id.empty()) {
    body = list_models(*settings, who.get(), started_, reader);
  } else if (auto one = show_model(*settings, who.get(), to.id, started_, reader)) {
    body = std::move(*one);
  } else {
    const error e{
        error_code::not_found, "this model does not exist here; GET /v1/models lists those that do", "model", "model_not_found", {}};
    status = http_status(e.code);
    why = e.code;
    body = to.dialect->write_error(e, request_id);
  }
  note(request_id, "models", status, why);
  // That the client left before its answer is nobody's fault and leaves nothing to do.
  (void)co_await out.send(status, {{"content-type", "application/json"}, {"x-request-id", request_id}, {"request-id", request_id}}, body);
}

net::asio::awaitable<void, net::executor> traffic::health(net::response& out, bool good) {
  (void)co_await out.send(good ? 200 : 503, {{"content-type", "text/plain"}, {"cache-control", "no-store"}}, good ? "ok\n" : "not ready\n");
}

}  // namespace naru::api
