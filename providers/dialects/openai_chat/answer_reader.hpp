#pragma once
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/event.hpp"

namespace naru::dialects::openai_chat {

/// A whole 2xx answer. One that holds an error object instead of choices is the single event answer_failed.
/// Errors: upstream_failed (reason "unreadable") when it is not JSON, has no choices, or has more than any vendor gives.
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);

}  // namespace naru::dialects::openai_chat
