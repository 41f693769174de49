#include <fmt/format.h>

#include <string>

#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

/// One block of `content`. Blocks of server-side tools, and kinds yet unknown, have no place in a chat and are skipped.
void append_block(json::object block, std::uint32_t& calls, std::vector<event>& out) {
  const std::string_view type = json::get_string(block, "type").value_or("");
  if (type == "text") {
    out.emplace_back(text_delta{0, text_of(block, "text")});
  } else if (type == "thinking") {
    out.emplace_back(reasoning_delta{0, text_of(block, "thinking"), text_of(block, "signature")});
  } else if (type == "redacted_thinking") {
    out.emplace_back(reasoning_delta{0, {}, std::string{redacted_mark} + text_of(block, "data")});
  } else if (type == "tool_use") {
    const auto input = json::find(block, "input");
    out.emplace_back(tool_call_start{0, calls, text_of(block, "id"), text_of(block, "name"), {}});
    out.emplace_back(tool_arguments_delta{0, calls, input && input->is_object() ? json::to_text(*input) : "{}"});
    ++calls;
  }
}

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

}  // namespace

finish_reason to_finish_reason(std::string_view stop_reason) noexcept {
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") return finish_reason::length;
  if (stop_reason == "tool_use") return finish_reason::tool_calls;
  if (stop_reason == "refusal") return finish_reason::content_filter;
  return finish_reason::stop;  // end_turn, stop_sequence, pause_turn (server tools, which no client of ours can ask for)
}

void append_end(std::string_view stop_reason, std::optional<json::object> stop_details, std::vector<event>& out) {
  if (stop_reason == "refusal" && stop_details) {
    if (const auto why = json::get_string(*stop_details, "explanation"); why && !why->empty()) {
      out.emplace_back(refusal_delta{0, std::string{*why}});
    }
  }
  out.emplace_back(finished{0, to_finish_reason(stop_reason)});
}

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled(doc.error().message);
  if (!doc->root().is_object()) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())));
  const json::object answer = doc->root().get_object().value_unsafe();
  std::vector<event> out;
  if (const auto error = json::get_object(answer, "error")) {  // some clouds answer 200 with an error inside
    out.emplace_back(answer_failed{read_error_in_band(*error)});
    return out;
  }
  const auto content = json::get_array(answer, "content");
  const auto stop_reason = json::get_string(answer, "stop_reason");
  if (!content) return garbled("want an array `content`");
  if (!stop_reason) return garbled("want a string `stop_reason`");

  out.emplace_back(answer_start{text_of(answer, "id"), text_of(answer, "model"), 0});
  std::uint32_t calls = 0;
  for (const json::value block : *content) {
    if (!block.is_object()) return garbled("want objects in `content`");
    append_block(block.get_object().value_unsafe(), calls, out);
  }
  append_end(*stop_reason, json::get_object(answer, "stop_details"), out);
  usage_counts counts;
  if (const auto u = json::get_object(answer, "usage")) counts.overwrite(*u);
  if (counts.any()) out.emplace_back(usage_report{counts.total()});
  return out;
}

}  // namespace naru::dialects::anthropic_messages
