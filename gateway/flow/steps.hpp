#pragma once
#include <span>

#include "gateway/flow/exchange.hpp"

/// The steps of one request's way, in order; each in a file of its name. A step that ends the request returns the error that the
/// client is told.
namespace naru::flow {

/// API key to caller. Ends with 401.
[[nodiscard]] result<void> identify(exchange& x);
/// How long the client waits, which shortens our deadlines. Ends with 400.
[[nodiscard]] result<void> heed(exchange& x);
/// The client's dialect to a chat; the model that it names. Ends with 400, 403, 404.
[[nodiscard]] result<void> read(exchange& x);
/// The label: base, raised by header and detectors. Never ends a request; a failure is the highest label.
void label(exchange& x);
/// Concurrency of the caller and the team. Ends with 429.
[[nodiscard]] result<void> limit(exchange& x);
/// Which deployments, in which order. Ends with 400, 429, 503.
[[nodiscard]] result<void> plan(exchange& x);
/// The answer to a request for a token count that no deployment can give, or may be asked for: estimated here, and said to be. Nothing
/// leaves. Ends with what `reply::send` ends with.
[[nodiscard]] net::task<> count_here(exchange& x);
/// Calls in plan order through the clearance gate, retries, falls back, and relays the answer. Ends with what the client is told
/// when nothing answered; an error after content has been sent has been told already (`stream_broken`).
[[nodiscard]] net::task<> attempt(exchange& x);
/// Counts, logs, writes the ledger: on every exit, once.
void settle(exchange& x, const result<void>& outcome);

// Parts that explain and serve share.

/// The credential of a request: Authorization: Bearer, x-api-key, api-key, x-goog-api-key; empty when there is none.
[[nodiscard]] std::string_view credential(const net::request& r) noexcept;
/// The model behind a name that this caller may ask for. Errors: not_found, forbidden.
[[nodiscard]] result<std::shared_ptr<const model>> find_allowed_model(const snapshot& s, const caller* who, std::string_view name);
/// The label of a request: the key's base, else the model's, else the default, raised by header and detectors.
[[nodiscard]] sensitivity::judgement judge(const snapshot& s, const caller* who, const model& m, std::string_view header, json::value body);
/// What a chat needs of a deployment.
[[nodiscard]] routing::demand make_demand(const chat_request& chat, const model& m, naru::label l);
/// Everything that a decision depends on beside the settings and the deployments' state.
struct routed_request {
  const chat_request& chat;
  const std::shared_ptr<const flow::model>& asked;
  const caller* who = nullptr;  ///< null without callers
  std::span<const net::header> headers;
  naru::label label;
  std::uint64_t seed = 0;
  steady_time now;
  wall_time wall_now;
  std::string_view api = "chat";
};
/// The plan for a chat: the same for `explain` and `serve`. Rules first: the first that matches acts.
[[nodiscard]] choice choose(const snapshot& s, const routed_request& r);

}  // namespace naru::flow
