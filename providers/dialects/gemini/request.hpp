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
[[nodiscard]] std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part, const target& t);
/// The first extra that neither the writer nor, for a client of this form, the splicer can take along.
[[nodiscard]] std::optional<error> cannot_carry_extra(const chat_request& r);
/// A top-level field of this form that has no place in a chat and is written as it came: "safetySettings".
[[nodiscard]] bool is_writable_extra(std::string_view name) noexcept;
/// A path into the body of a client of this form ("contents[0].parts[1]"), which that body alone brings along, as it came.
[[nodiscard]] bool is_own_path(std::string_view name) noexcept;

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] std::string path_of(const chat_request& r, const target& t);
[[nodiscard]] std::string percent_encoded(std::string_view name);

/// The client's own body under the path of `t`; nullopt: another form, or a key spelled with an escape.
[[nodiscard]] std::optional<wire_request> splice_generate(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                          const target& t);
[[nodiscard]] std::optional<wire_request> splice_count(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                       const target& t);
/// "model":"models/x" in place of the model that a checked JSON object names, if it does. nullopt: a key spelled with an escape.
[[nodiscard]] std::optional<std::string> rename_model(std::string_view object, std::string_view model);
/// The same in each element of the array under `camel`.
[[nodiscard]] std::optional<std::string> rename_in_elements(std::string_view body, std::string_view camel, std::string_view model);

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
/// The other way round: "wav" for "audio/x-wav"; empty: OpenAI's form has no word for it.
[[nodiscard]] std::string_view audio_format(std::string_view media_type) noexcept;
/// Whether an address is one of this vendor's Files API, which alone every version of the Developer API reads.
[[nodiscard]] bool is_files_api(std::string_view url) noexcept;
/// Whether a model of `t` opens an address itself.
[[nodiscard]] bool opens(std::string_view url, const target& t) noexcept;
/// A word of OpenAI's reasoning scale (none .. max).
[[nodiscard]] bool known_effort(std::string_view word) noexcept;
/// The word for a thinkingLevel ("LOW" is "low"); empty: no such level.
[[nodiscard]] std::string_view effort_of_level(std::string_view level) noexcept;
/// Models that take levels of thinking, demand signatures back and read pictures in a function's response: 3.x. There is no word of its
/// own for each in the catalogue.
[[nodiscard]] bool is_third_generation(const target& t) noexcept;

}  // namespace naru::dialects::gemini
