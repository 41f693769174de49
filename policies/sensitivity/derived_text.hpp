#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Texts inside a text: what a string says once more escapes or an encoding are undone.
namespace naru::sensitivity {

/// How deep texts inside texts are followed, and how much of them is decoded in all, per request.
inline constexpr int deepest = 4;

/// What `text` holds beside itself: JSON escapes undone (tool arguments are JSON inside a string), base64 and data URLs decoded when
/// what comes out reads like text (or like a key file).
/// @return zero, one or two texts; none when there is nothing to undo
[[nodiscard]] std::vector<std::string> derived_texts(std::string_view text);

/// Undoes JSON escapes wherever they stand; what is no escape stays. @return empty when `text` has no escape.
[[nodiscard]] std::string undo_escapes(std::string_view text);
/// Decodes standard or URL-safe base64 (padding optional, line breaks allowed). @return empty when it is none or is too short to matter.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace naru::sensitivity
