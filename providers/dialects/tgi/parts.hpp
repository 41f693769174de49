#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of TGI's form. Nothing outside this folder includes it.
namespace naru::dialects::tgi {

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

}  // namespace naru::dialects::tgi
