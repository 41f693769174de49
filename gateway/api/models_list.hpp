#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/flow/snapshot.hpp"

namespace naru::api {

/// Who reads a list of models.
enum class reader_of_models : std::uint8_t {
  sdk,     ///< OpenAI's and Anthropic's SDKs, which read one shape
  codex,   ///< Codex, which wants a list `models` beside it; its own entries say much that nobody knows here, so it is empty
  gemini,  ///< Google's SDK
};

/// The answer to GET /v1/models: the names that this caller may ask for, models and aliases first, then provider/model.
/// @param who  null: no callers are configured
[[nodiscard]] std::string list_models(const flow::snapshot& s, const flow::caller* who, std::uint64_t created, reader_of_models reader);

/// The answer to GET /v1/models/{id}; nullopt when there is none that the caller may ask for.
[[nodiscard]] std::optional<std::string> show_model(const flow::snapshot& s, const flow::caller* who, std::string_view id,
                                                    std::uint64_t created, reader_of_models reader);

}  // namespace naru::api
