#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "providers/dialects/dialect.hpp"

/// Inside of Google's forms: texts to vectors (embedContent and batchEmbedContents), both ends.
namespace naru::dialects::gemini {

[[nodiscard]] result<chat_request> read_embed(const json::document& doc, const addressed& to);
[[nodiscard]] result<chat_request> read_batch_embed(const json::document& doc, const addressed& to);
/// {"embedding":{"values"}} or {"embeddings":[...]}, in the order of the request's texts.
[[nodiscard]] std::string write_embeddings(const std::vector<event>& events, bool batch);
[[nodiscard]] std::string embed_place(std::string_view in_openai_chat, bool batch);

[[nodiscard]] std::optional<error> embed_cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_embed(const chat_request& r, const target& t);
[[nodiscard]] std::optional<wire_request> splice_embed(std::string_view client_dialect, std::string_view body, const target& t);
/// Of batchEmbedContents, embedContent, and Vertex AI's predict ({"predictions":[{"embeddings":{"values","statistics"}}]}).
[[nodiscard]] result<std::vector<event>> read_embeddings(std::string_view body);

}  // namespace naru::dialects::gemini
