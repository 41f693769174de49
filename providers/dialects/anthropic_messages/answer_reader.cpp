#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

/// What is behind one block of `content` already.
struct progress {
  std::uint32_t calls = 0;
  text_length text;
};

void append_text(json::object block, progress& so_far, std::vector<event>& out) {
  const std::uint64_t begin = so_far.text.characters();
  std::string text = text_of(block, "text");
  so_far.text.add(text);
  out.emplace_back(text_delta{0, std::move(text)});
  const auto citations = json::get_array(block, "citations");
  if (!citations) return;
  for (const json::value one : *citations) {
    if (!one.is_object()) continue;
    if (auto cited = read_citation(one.get_object().value_unsafe(), begin, so_far.text.characters())) out.emplace_back(std::move(*cited));
  }
}

/// One block of `content`. Blocks of server-side tools, and kinds yet unknown, have no place in a chat and are skipped.
void append_block(json::object block, progress& so_far, std::vector<event>& out) {
  const std::string_view type = json::get_string(block, "type").value_or("");
  if (type == "text") {
    append_text(block, so_far, out);
  } else if (type == "thinking") {
    out.emplace_back(reasoning_delta{0, text_of(block, "thinking"), text_of(block, "signature")});
  } else if (type == "redacted_thinking") {
    out.emplace_back(reasoning_delta{0, {}, text_of(block, "data"), true});
  } else if (type == "tool_use") {
    const auto input = json::find(block, "input");
    out.emplace_back(tool_call_start{0, so_far.calls, text_of(block, "id"), text_of(block, "name"), {}});
    out.emplace_back(tool_arguments_delta{0, so_far.calls, input && input->is_object() ? json::to_text(*input) : "{}"});
    ++so_far.calls;
  }
}

/// The answer of count_tokens.
std::vector<event> count_of(std::uint64_t input) {
  usage u;
  u.input = {input};
  return {answer_start{}, finished{}, usage_report{u}};
}

/// The vendor's word where a finish_reason says less. A stop sequence that is named says it by itself.
std::string telling_word(std::string_view stop_reason, bool sequence_named) {
  constexpr std::array<std::string_view, 4> plain{"end_turn", "max_tokens", "tool_use", "refusal"};
  if (std::ranges::find(plain, stop_reason) != plain.end() || (stop_reason == "stop_sequence" && sequence_named)) return {};
  return clean_word(stop_reason);
}

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

}  // namespace

finish_reason to_finish_reason(std::string_view stop_reason) noexcept {
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") return finish_reason::length;
  if (stop_reason == "tool_use") return finish_reason::tool_calls;
  if (stop_reason == "refusal") return finish_reason::content_filter;
  return finish_reason::stop;  // end_turn, stop_sequence, pause_turn
}

void text_length::add(std::string_view utf8) noexcept {
  characters_ +=
      static_cast<std::uint64_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void append_end(std::string_view stop_reason, json::object from, std::vector<event>& out) {
  const auto details = json::get_object(from, "stop_details");
  if (stop_reason == "refusal" && details) {
    if (const auto why = json::get_string(*details, "explanation"); why && !why->empty()) {
      out.emplace_back(refusal_delta{0, std::string{*why}});
    }
  }
  std::string sequence = text_of(from, "stop_sequence");
  std::string word = telling_word(stop_reason, !sequence.empty());
  out.emplace_back(finished{0, to_finish_reason(stop_reason), std::move(word), std::move(sequence)});
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
  if (const auto counted = json::find(answer, "input_tokens"); counted && !json::find(answer, "content")) {
    const auto n = token_count(*counted);
    return n ? result<std::vector<event>>(count_of(*n)) : garbled("want a count in `input_tokens`");
  }
  const auto content = json::get_array(answer, "content");
  const auto stop_reason = json::get_string(answer, "stop_reason");
  if (!content) return garbled("want an array `content`");
  if (!stop_reason) return garbled("want a string `stop_reason`");

  out.emplace_back(answer_start{text_of(answer, "id"), text_of(answer, "model"), 0});
  progress so_far;
  for (const json::value block : *content) {
    if (!block.is_object()) return garbled("want objects in `content`");
    append_block(block.get_object().value_unsafe(), so_far, out);
  }
  append_end(*stop_reason, answer, out);
  usage_counts counts;
  if (const auto u = json::get_object(answer, "usage")) counts.overwrite(*u);
  if (counts.any()) out.emplace_back(usage_report{counts.total()});
  return out;
}

}  // namespace naru::dialects::anthropic_messages
