#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of CLOVA Studio's chat form. Nothing outside this folder includes it, but its failures (the embeddings fail alike).
namespace naru::dialects::clova {

inline constexpr std::string_view form = "CLOVA Studio's chat form";

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] result<void> write_messages(const chat_request& r, json::writer& w);

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

/// `status` of an answer, when it tells of a failure: its code is not "20000". A 200 may carry one.
[[nodiscard]] std::optional<failure> failure_inside(json::object answer);
[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);

}  // namespace naru::dialects::clova
