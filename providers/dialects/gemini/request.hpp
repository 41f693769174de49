#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the generateContent form: how a request is written. Nothing outside this folder includes it.
namespace naru::dialects::gemini {

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part);

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// systemInstruction and contents.
[[nodiscard]] result<void> write_contents(const chat_request& r, const target& t, json::writer& w);
/// tools and toolConfig.
[[nodiscard]] result<void> write_tools(const chat_request& r, json::writer& w);
/// generationConfig, unless it would be empty.
[[nodiscard]] result<void> write_generation_config(const chat_request& r, const target& t, json::writer& w);

/// One part as JSON text; empty when it has nothing that this vendor wants.
[[nodiscard]] std::string content_part(const part& p);
/// MIME type of OpenAI's audio format word; empty: this vendor does not read it.
[[nodiscard]] std::string_view audio_type(std::string_view format) noexcept;
/// Whether an address is one of this vendor's Files API, which alone every version of the Developer API reads.
[[nodiscard]] bool is_files_api(std::string_view url) noexcept;
/// A word of OpenAI's reasoning scale (none .. max).
[[nodiscard]] bool known_effort(std::string_view word) noexcept;

}  // namespace naru::dialects::gemini
