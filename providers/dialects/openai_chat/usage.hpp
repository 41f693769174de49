#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "core/usage.hpp"

namespace naru::dialects::openai_chat {

/// The usage of an answer or a chunk: `usage`, else Groq's `x_groq.usage`. nullopt when there is none.
/// Its numbers are a vendor's and untrusted: what is negative, textual or past 2^40 is left out, a part that is larger than its whole
/// is cut to it, and the result is then `estimated`, so that whoever settles counts by himself.
/// `tier` is not set here: it stands beside the usage.
[[nodiscard]] std::optional<usage> read_usage(json::object root);

/// "default" and "standard" are the standard tier, written as empty; "auto" says nothing.
[[nodiscard]] std::string read_tier(std::string_view service_tier);

/// The usage object as OpenAI's SDK reads it.
void write_usage(json::writer& w, const usage& u);

}  // namespace naru::dialects::openai_chat
