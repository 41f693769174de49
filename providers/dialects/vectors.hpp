#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/chat.hpp"
#include "core/event.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// What all forms of embeddings share: the request's texts, vectors as numbers and as base64, and what a form without a place refuses.
/// Pure; any thread.
namespace naru::dialects {

/// The longest vector that is believed: four times the largest model's of 2026.
inline constexpr std::size_t most_dimensions = 16384;

/// What a form of embeddings has places for.
struct embedding_places {
  bool dimensions = false;
  bool purpose = false;
  std::size_t texts = 0;  ///< at most so many a call; 0: any number
};
/// The first thing that the form cannot carry. "input" where the client sent token numbers instead of texts, "messages[i]" for a text too
/// many, "dimensions", "input_type" for a purpose.
[[nodiscard]] std::optional<error> embedding_obstacle(const chat_request& r, std::string_view form, const embedding_places& has);

/// The text of the i-th message.
[[nodiscard]] std::string_view embedded_text(const message& m) noexcept;

/// An array of numbers, or base64 of little-endian float32. nullopt: neither, empty, too long, or a number that no float32 holds.
[[nodiscard]] std::optional<std::vector<float>> read_vector(json::value v);
/// Little-endian float32 in base64 with padding, as OpenAI's `encoding_format: base64`.
[[nodiscard]] std::string vector_as_base64(std::span<const float> vector);
/// "[0.1,-2e-05]": each number in the shortest form that reads back as the same float32.
[[nodiscard]] std::string vector_as_json(std::span<const float> vector);

/// The answers of forms that give `{..., "<key>": [[...], ...]}`: one embedding_made for each. False: one of them is no vector, or there
/// are none.
[[nodiscard]] bool append_vectors(json::array all, std::vector<event>& out);
/// The end of an answer with embeddings: finished, and the usage where there is a count.
void append_embedding_end(std::optional<std::uint64_t> input_tokens, std::vector<event>& out);

}  // namespace naru::dialects
