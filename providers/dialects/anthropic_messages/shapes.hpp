#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/event.hpp"
#include "core/json/document.hpp"
#include "core/json/writer.hpp"

/// Inside of the Messages form: small shapes that both of its ends read and write. Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// A call's signature (Gemini's, which must come back with the call) has no field in this form. It travels in a redacted_thinking block
/// before the call, which clients keep and send back unchanged: its data is this mark and the signature.
inline constexpr std::string_view call_signature_mark = "call_signature:";

/// Whether opaque state is another vendor's: Anthropic's signatures and redacted data are base64, where no colon is; other forms mark
/// theirs with one.
[[nodiscard]] inline bool is_foreign_state(std::string_view signature) noexcept { return signature.find(':') != std::string_view::npos; }

/// One citation of a text block.
/// @param begin, end  where the text that it speaks of stands in the answer, in characters: for sources with an address
/// @return nullopt: of a kind yet unknown. What a citation of pages or content blocks says beyond its document and words has no place in
///         an event and is lost.
[[nodiscard]] std::optional<citation> read_citation(json::object c, std::uint64_t begin, std::uint64_t end);
void write_citation(json::writer& w, const citation& c);

}  // namespace naru::dialects::anthropic_messages
