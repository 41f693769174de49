#pragma once
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

namespace naru::dialects::openai_chat {

/// A non-2xx answer; see upstream_dialect::read_failure. The class comes from the vendor's code, then its words, then the status.
[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);

/// An error object inside a 2xx answer or a stream. `status` of the result is 0 unless the object names one (vLLM and OpenRouter put a
/// status into `code`).
[[nodiscard]] failure read_inband_failure(json::object root);

}  // namespace naru::dialects::openai_chat
