#pragma once
#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of this form. Nothing outside this folder includes it.
namespace naru::dialects::bedrock_embed {

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);

/// The one text of a message; nullopt where it holds another part, or several.
[[nodiscard]] std::optional<std::string_view> only_text(const message& m) noexcept;

}  // namespace naru::dialects::bedrock_embed
