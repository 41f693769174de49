#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/flow/snapshot.hpp"

namespace naru::api {

/// The answer to GET /v1/models, in a shape that OpenAI's and Anthropic's SDKs both read: the names that this caller may ask for,
/// models and aliases first, then provider/model.
/// @param who  null: no callers are configured
[[nodiscard]] std::string list_models(const flow::snapshot& s, const flow::caller* who, std::uint64_t created);

/// The answer to GET /v1/models/{id}; nullopt when there is none that the caller may ask for.
[[nodiscard]] std::optional<std::string> show_model(const flow::snapshot& s, const flow::caller* who, std::string_view id,
                                                    std::uint64_t created);

}  // namespace naru::api
