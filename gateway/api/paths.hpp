#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::api {

/// Undoes %XX; what is no escape stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// What a path of the traffic listener is for.
enum class endpoint : std::uint8_t { none, chat_completions, models, model, livez, readyz };

struct route {
  endpoint to = endpoint::none;
  std::string id;  ///< for `model`: percent-decoded, may hold a '/'
};

/// Finds the endpoint of a path (without query): under /v1, /openai/v1, or bare, as the clients' base URLs go.
[[nodiscard]] route find_route(std::string_view path);

/// The methods of an endpoint, for `allow`: "POST", "GET, HEAD".
[[nodiscard]] std::string_view allowed_methods(endpoint e) noexcept;
[[nodiscard]] bool is_allowed(endpoint e, std::string_view method) noexcept;

}  // namespace naru::api
