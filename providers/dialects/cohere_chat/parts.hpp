#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of Cohere's chat form. Nothing outside this folder includes it, but `read_failure` (Cohere's embeddings fail alike).
namespace naru::dialects::cohere_chat {

inline constexpr std::string_view form = "Cohere's chat form";

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
[[nodiscard]] result<void> write_messages(const chat_request& r, json::writer& w);
/// Whether `required` and a named tool can be said: this vendor knows REQUIRED alone, which names a tool where there is only one.
[[nodiscard]] bool names_only_tool(const chat_request& r) noexcept;

/// Tokens that a word of OpenAI's scale of effort stands for; nullopt: no limit. Cohere has numbers and no words, so these are ours.
[[nodiscard]] std::optional<std::uint64_t> thinking_budget(std::string_view effort) noexcept;

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

struct end_word {
  finish_reason reason = finish_reason::stop;
  bool failed = false;  ///< ERROR, TIMEOUT: the vendor gave up
};
[[nodiscard]] end_word read_end(std::string_view finish_reason) noexcept;
/// What an end without a readable error says.
[[nodiscard]] failure gave_up(std::string_view finish_reason, std::string_view words);
/// nullopt: nothing in it.
[[nodiscard]] std::optional<usage> read_usage(json::object holder);
/// Sources on the web alone: places in a request's own documents are not told by offset.
void append_citation(json::object citation, std::vector<event>& out);

[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);

}  // namespace naru::dialects::cohere_chat
