#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "providers/dialects/dialect.hpp"

namespace naru::api {

/// Undoes %XX; what is no escape stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// What a path of the traffic listener is for.
enum class endpoint : std::uint8_t {
  none,
  request,        ///< a request for a model, in the dialect of the path
  models,         ///< the list that OpenAI's and Anthropic's SDKs and Codex read
  model,          ///< one of it
  gemini_models,  ///< the same in Gemini's form
  gemini_model,
  hello,  ///< Claude Code asks whether anybody is there
  livez,
  readyz,
};

struct route {
  endpoint to = endpoint::none;
  std::string_view api = "other";                     ///< word of the metrics' `api`: static text
  const dialects::client_dialect* dialect = nullptr;  ///< in which the path is spoken, errors included; never null from `find_route`
  std::string id;                                     ///< the model that the path names, percent-decoded, may hold a '/'; empty: none
  bool stream = false;                                ///< the path asks for a stream
};

/// Finds the endpoint of a path (without query): under /v1, /openai/v1, /anthropic/v1, /v1beta or bare, as the clients' base URLs go; also
/// below a base URL that was pasted with its path ("/v1/chat/completions/chat/completions").
[[nodiscard]] route find_route(std::string_view path);

/// The dialect of an `api` as rules and metrics call it ("chat", "messages", "responses", "gemini" ...), for what is explained without a
/// path. nullptr: none of them.
[[nodiscard]] const dialects::client_dialect* dialect_of_api(std::string_view api) noexcept;

/// The methods of an endpoint, for `allow`: "POST", "GET, HEAD".
[[nodiscard]] std::string_view allowed_methods(endpoint e) noexcept;
[[nodiscard]] bool is_allowed(endpoint e, std::string_view method) noexcept;

}  // namespace naru::api
