#pragma once
#include "core/chat.hpp"
#include "core/error.hpp"
#include "local_backend/job.hpp"

namespace naru::local_backend {

/// Reads a chat request into what this worker can do. What it cannot do is refused by name (unsupported_field, `field` is the client's),
/// rather than left out of the answer in silence; only what cannot change an answer (metadata, cache hints, user) is passed over.
/// Pure; any thread.
[[nodiscard]] result<order> read_order(const chat_request& r);

/// The settings of one job: what the order says, else what the model recommends. @param seed  used when the order has none
[[nodiscard]] sampling choose_sampling(const order& o, const sampling& recommended, std::uint32_t seed) noexcept;

/// Checks that the order fits, and says how many tokens the answer may have.
/// @param prompt   tokens of the rendered conversation
/// @param request  most tokens of one conversation, prompt and answer
/// @param usual    answer's limit when the order has none
/// Errors: context_too_long with both counts, reason "context_length_exceeded".
[[nodiscard]] result<std::uint32_t> answer_limit(const order& o, std::size_t prompt, std::uint32_t request, std::uint32_t usual);

}  // namespace naru::local_backend
