#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the Responses form: how a vendor's answers are read.
namespace naru::dialects::openai_responses {

/// A whole 2xx answer: a response object, or the count of input_tokens. One that failed is the single event answer_failed.
/// Errors: upstream_failed (reason "unreadable") when it is neither, or has not ended.
[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

/// The failure in {"error":{code,message}} of a response, or an `error` event, which may have it flat.
[[nodiscard]] failure read_in_band(json::object root);

/// What the whole items of `output` say; `calls` counts on. Items that only this form has (hosted tools, custom calls) are passed over:
/// who asks for them asks in this form, and has them by relay.
/// Returns false when there are more calls than any model makes.
[[nodiscard]] bool read_item(json::object item, std::uint32_t& calls, std::vector<event>& out);
void read_annotation(json::object annotation, std::vector<event>& out);
/// The list of tokens as the chat form's object. Nothing when it is empty.
void read_logprobs(json::object holder, std::vector<event>& out);
/// encrypted_content and id of a reasoning item, as the last piece of it.
void read_signature(json::object item, std::vector<event>& out);
/// The texts of a reasoning item, a blank line between two.
void read_thoughts(json::object item, std::vector<event>& out);

/// finished and usage_report. @param any_call  the answer makes calls
void read_end(json::object response, bool any_call, std::vector<event>& out);

}  // namespace naru::dialects::openai_responses
