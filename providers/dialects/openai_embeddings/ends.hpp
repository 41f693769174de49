#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the embeddings form. Nothing outside this folder includes it.
namespace naru::dialects::openai_embeddings {

/// Errors: bad_request with the path of the first field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc);
/// {"object":"list","data":[...],"model","usage"}; vectors in the order of the request's texts.
[[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events);

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// Errors: unsupported_field where an extra has no place in this form.
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// Errors: upstream_failed.
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);

}  // namespace naru::dialects::openai_embeddings
