#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the images form. Nothing outside this folder includes it.
namespace naru::dialects::openai_images {

inline constexpr std::string_view path = "/images/generations";

/// Errors: bad_request with the path of the first field at fault; unsupported_field "stream".
[[nodiscard]] result<chat_request> read_request(const json::document& doc);
/// {"created","data":[...],"usage"?}; pictures in the order in which they were made.
[[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::uint64_t created);

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// Errors: unsupported_field where something has no place in this form.
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// Errors: upstream_failed.
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);

}  // namespace naru::dialects::openai_images
