#pragma once
#include <optional>
#include <string_view>

#include "core/chat.hpp"

namespace naru::dialects::openai_chat {

/// What a vendor's finish_reason says.
struct finish {
  finish_reason reason = finish_reason::stop;
  bool failed = false;  ///< "error", "abort", DeepSeek's "insufficient_system_resource": the vendor gave up
};
/// nullopt for "" (some servers write it for null). Unknown words are a stop: the answer is whole, only its reason has a new name.
[[nodiscard]] std::optional<finish> read_finish(std::string_view word) noexcept;

}  // namespace naru::dialects::openai_chat
