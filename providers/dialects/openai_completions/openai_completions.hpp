#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "providers/dialects/dialect.hpp"

/// OpenAI's legacy Completions form ("openai_completions"): a prompt that is gone on from. Editors ask so for what stands between a prefix
/// and a suffix. Answered by any chat model too, the prompt as the one message of a user; a suffix only where the vendor has this form.
/// Source: type definitions of the openai package 6.49.0 (2026-07).
namespace naru::dialects::openai_completions {

inline constexpr std::string_view dialect_name = "openai_completions";

/// Both are immutable and shared by all threads.
[[nodiscard]] const upstream_dialect& upstream();
[[nodiscard]] const client_dialect& client();

// The pieces of both ends:

/// The body as a chat of one message. Errors: bad_request with the path of the first field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc);

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t);

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

[[nodiscard]] std::string write_answer(const std::vector<event>& events, std::string_view fallback_id, std::uint64_t created);
[[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                std::uint64_t created);

}  // namespace naru::dialects::openai_completions
