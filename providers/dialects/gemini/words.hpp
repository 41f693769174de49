#pragma once
#include <string_view>

/// Words of ours and of Google's that more than one file of this form knows.
namespace naru::dialects::gemini {

/// Precedes, in a thoughtSignature, the opaque data of reasoning that its vendor does not show: an empty text alone does not tell it from
/// a thought whose words were left out. No base64 begins so.
inline constexpr std::string_view redacted_mark = "redacted:";

/// What a refused thing is called in a message.
inline constexpr std::string_view form_name = "Google's generateContent form";

}  // namespace naru::dialects::gemini
