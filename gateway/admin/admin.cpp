#include "gateway/admin/admin.hpp"

#include <algorithm>
#include <array>

#include "core/json/document.hpp"
#include "gateway/admin/views.hpp"
#include "gateway/api/door.hpp"
#include "gateway/api/paths.hpp"
#include "gateway/flow/explain.hpp"
#include "gateway/flow/steps.hpp"
#include "gateway/net/shard.hpp"

namespace naru::admin {
namespace {

struct answer {
  int status = 200;
  std::string body;
  std::string_view type = "application/json";
};

answer refuse(const error& e) { return {http_status(e.code), error_view(e)}; }

/// A path of the API. `tail` is what stands between prefix and suffix: a deployment's id.
struct route {
  std::string_view method;
  std::string_view prefix;
  std::string_view suffix;  ///< empty: the path is `prefix` exactly
  bool open;                ///< no token needed: probes and scrapes
  bool changes;             ///< needs a configured token
  answer (*serve)(const context& c, const net::request& r, std::string_view tail);
};

net::clock& time_here() { return net::shard::current()->time(); }

answer livez(const context&, const net::request&, std::string_view) { return {200, "ok\n", "text/plain"}; }
answer readyz(const context& c, const net::request&, std::string_view) {
  return c.ready() ? answer{200, "ok\n", "text/plain"} : answer{503, "not ready\n", "text/plain"};
}
answer metrics(const context& c, const net::request&, std::string_view) {
  return {200, c.metrics(), "text/plain; version=0.0.4; charset=utf-8"};
}
answer version(const context&, const net::request&, std::string_view) { return {200, version_view()}; }
answer config_now(const context& c, const net::request&, std::string_view) { return {200, config_view(*c.settings(), c.reloads())}; }
answer config_check(const context& c, const net::request& r, std::string_view) {
  return {200, check_view(config::check_text(r.body, c.load))};
}
answer providers(const context& c, const net::request&, std::string_view) {
  return {200, providers_view(*c.settings(), *c.snapshot(), time_here().now())};
}
answer deployments(const context& c, const net::request&, std::string_view) {
  return {200, deployments_view(*c.snapshot(), time_here().now(), time_here().wall_now())};
}
answer models(const context& c, const net::request&, std::string_view) { return {200, models_view(*c.snapshot())}; }

/// Value of a parameter of a query; `otherwise` when it is not there.
std::string_view query_value(std::string_view query, std::string_view name, std::string_view otherwise) noexcept {
  for (std::size_t at = 0; at <= query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view one = query.substr(at, end - at);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
    at = end + 1;
  }
  return otherwise;
}

answer explain(const context& c, const net::request& r, std::string_view) {
  const std::string_view word = query_value(r.query, "api", "chat");
  const auto* dialect = naru::api::dialect_of_api(word);
  if (dialect == nullptr) {
    return refuse(
        {error_code::bad_request, "want api=chat, responses, completions, embeddings, images, messages or gemini", "api", {}, {}});
  }
  const auto snapshot = c.snapshot();
  flow::explain_input in;
  in.body = r.body;
  in.label_header = r.find("x-naru-label");
  in.headers = r.headers;
  in.api = word;
  in.model = query_value(r.query, "model", "");
  in.now = time_here().now();
  in.wall_now = time_here().wall_now();
  if (const auto name = r.find("x-naru-caller"); !name.empty()) {
    for (const auto& who : snapshot->callers.all()) {
      if (who->name == name) in.who = who;
    }
    if (!in.who) return refuse({error_code::bad_request, "x-naru-caller names no caller of the settings", "x-naru-caller", {}, {}});
  }
  const auto explained = flow::explain(*snapshot, in, *dialect);
  if (!explained) return refuse(explained.error());
  return {200, flow::to_json(*explained, snapshot->labels)};
}

answer set_draining(const context& c, std::string_view id, bool on) {
  const auto snapshot = c.snapshot();
  const auto at = snapshot->deployments.find(id);
  if (at == snapshot->deployments.end()) {
    return refuse({error_code::not_found, "there is no deployment of this id; GET /admin/deployments lists them", "id", {}, {}});
  }
  at->second->live->set_draining(on);
  if (!on) at->second->live->reset_health();
  return {200, deployments_view(*snapshot, time_here().now(), time_here().wall_now())};
}
answer drain(const context& c, const net::request&, std::string_view id) { return set_draining(c, id, true); }
answer resume(const context& c, const net::request&, std::string_view id) { return set_draining(c, id, false); }

constexpr std::array routes{
    route{"GET", "/livez", "", true, false, livez},
    route{"GET", "/readyz", "", true, false, readyz},
    route{"GET", "/metrics", "", true, false, metrics},
    route{"GET", "/admin/version", "", false, false, version},
    route{"GET", "/admin/config", "", false, false, config_now},
    route{"POST", "/admin/config/check", "", false, false, config_check},
    route{"GET", "/admin/providers", "", false, false, providers},
    route{"GET", "/admin/deployments", "", false, false, deployments},
    route{"POST", "/admin/deployments/", "/drain", false, true, drain},
    route{"POST", "/admin/deployments/", "/resume", false, true, resume},
    route{"GET", "/admin/models", "", false, false, models},
    route{"POST", "/admin/explain", "", false, false, explain},
};

bool has_path(const route& to, std::string_view path) noexcept {
  if (to.suffix.empty()) return path == to.prefix;
  return path.size() > to.prefix.size() + to.suffix.size() && path.starts_with(to.prefix) && path.ends_with(to.suffix);
}

const route* find_path(std::string_view path) noexcept {
  const auto at = std::find_if(routes.begin(), routes.end(), [&](const route& to) { return has_path(to, path); });
  return at == routes.end() ? nullptr : &*at;
}

std::optional<error> check_token(const context& c, const net::request& r, const route& to) {
  const auto settings = c.settings();
  const auto& token = settings->admin.token;
  if (!token) {
    if (to.changes) {
      return error{
          error_code::forbidden, "this changes something: configure listen.admin.token first", "listen.admin.token", "token_required", {}};
    }
    return naru::api::check_open_door(r);
  }
  if (to.open || token->equals(flow::credential(r))) return std::nullopt;
  return error{error_code::unauthorized, "want Authorization: Bearer <the admin token>", {}, {}, {}};
}

}  // namespace

std::optional<error> api::check_head(const net::request& r) const {
  const route* to = find_path(r.path);
  if (to == nullptr) return error{error_code::not_found, "there is nothing at this path of the admin API", {}, {}, {}};
  const bool head = r.method == "HEAD" && to->method == "GET";
  if (r.method != to->method && !head) return error{error_code::method_not_allowed, "want " + std::string(to->method), {}, {}, {}};
  if (auto refused = check_token(context_, r, *to)) return refused;
  if (to->serve == explain) return naru::api::check_json_body(r);
  return std::nullopt;
}

net::server_hooks api::hooks() {
  return {.handle = [this](std::shared_ptr<net::request> r, net::response& out) { return handle(std::move(r), out); },
          .check_head = [this](net::request& r) { return check_head(r); },
          .early_error =
              [](const error& e, std::string_view path, net::answer& out) {
                out.status = http_status(e.code);
                out.headers = {{"content-type", "application/json"}, {"cache-control", "no-store"}};
                out.body = error_view(e);
                if (e.code == error_code::unauthorized) out.headers.emplace_back("www-authenticate", "Bearer");
                const route* to = find_path(path);
                if (e.code == error_code::method_not_allowed && to != nullptr)
                  out.headers.emplace_back("allow", to->method == "GET" ? "GET, HEAD" : to->method);
              }};
}

net::asio::awaitable<void, net::executor> api::handle(std::shared_ptr<net::request> r, net::response& out) const {
  const route* to = find_path(r->path);
  std::string tail;
  if (!to->suffix.empty()) {
    tail = naru::api::percent_decoded(r->path.substr(to->prefix.size(), r->path.size() - to->prefix.size() - to->suffix.size()));
  }
  const answer a = to->serve(context_, *r, tail);
  // That the client has left before its answer leaves nothing to do.
  (void)co_await out.send(a.status, {{"content-type", a.type}, {"cache-control", "no-store"}}, a.body);
}

}  // namespace naru::admin
