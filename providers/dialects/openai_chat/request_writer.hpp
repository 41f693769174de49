#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/json/writer.hpp"
#include "providers/dialects/body_edits.hpp"
#include "providers/dialects/dialect.hpp"

namespace naru::dialects::openai_chat {

/// Path below base_url, which ends in /v1.
inline constexpr std::string_view chat_path = "/chat/completions";

/// Whether `t` carries the constraint `word` (config/models.yaml, vendors' deviations).
[[nodiscard]] bool has(const target& t, std::string_view word) noexcept;
/// The name that `t` knows the output limit by.
[[nodiscard]] std::string_view max_tokens_field(const target& t) noexcept;

/// The name that `t` knows the seed by.
[[nodiscard]] inline std::string_view seed_field(const target& t) noexcept {
  return has(t, "seed_is_random_seed") ? "random_seed" : "seed";
}

/// Why `t` cannot have `r`: the first constraint that it runs against. See constraints.cpp for the table of words.
[[nodiscard]] std::optional<error> find_model_obstacle(const chat_request& r, const target& t);
/// The same, and what this form has no place for.
[[nodiscard]] std::optional<error> find_obstacle(const chat_request& r, const target& t);
/// Where a message has a name and the target's messages have none.
[[nodiscard]] std::optional<error> find_named_message(const chat_request& r, const target& t);
/// The id of a call as `t` takes it: Mistral wants nine letters or digits, the same at call and result.
[[nodiscard]] std::string call_id_for(const target& t, std::string_view id);
/// Whether some id has to be spelled otherwise for `t`, so that the body must be written anew.
[[nodiscard]] bool has_other_ids(const chat_request& r, const target& t) noexcept;
/// What of a request that came in another form has no place in this one.
[[nodiscard]] std::optional<error> find_foreign(const chat_request& r);
/// reasoning_effort, where a budget of tokens was given instead: the nearest word.
[[nodiscard]] std::string_view effort_of(const chat_request& r) noexcept;
/// Whether `temperature: 1` and `top_p: 1`, which say nothing, must be left out because the model refuses the fields as such.
[[nodiscard]] bool omits_neutral_sampling(const chat_request& r, const target& t) noexcept;

/// The whole body from the canonical request. Errors: unsupported_field where `extra` holds something with no place in this form.
[[nodiscard]] result<std::string> write_body(const chat_request& r, const target& t);
void write_messages(json::writer& w, const chat_request& r, const target& t);

/// Asks for the usage chunk of a stream, as bills are made from it, or takes the wish out where the server refuses the field.
void ask_for_usage(body_edits& e, const chat_request& r, const target& t);
/// The client's body with model, stream_options, the output limit's name and neutral sampling fields spliced. nullopt: the body cannot
/// be spliced safely (a key spelled with escapes could hide a second model) or the target wants another role than the client wrote.
[[nodiscard]] std::optional<json::pieces> splice_body(std::string_view body, const chat_request& r, const target& t);

}  // namespace naru::dialects::openai_chat
