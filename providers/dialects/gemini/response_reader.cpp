#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::gemini {
namespace {

constexpr std::uint64_t most_choices = 8;

/// Ends by the vendor's filters (API reference, FinishReason, 2026-11).
bool is_filtered(std::string_view reason) noexcept {
  constexpr std::array<std::string_view, 9> reasons{
      "SAFETY",          "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
      "IMAGE_RECITATION"};
  return std::ranges::find(reasons, reason) != reasons.end();
}

/// An id for a call that the vendor gave none. Pure and the same on every reading of the answer: a hash (FNV-1a) of what makes it one.
std::string made_id(std::string_view response, std::uint32_t choice, std::uint32_t call, std::string_view name, std::string_view args) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&](std::string_view bytes) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ 0xFF) * 1099511628211ULL;  // 0xFF is in no UTF-8: ("a","b") and ("ab","") differ
  };
  mix(response);
  mix(name);
  mix(args);
  return fmt::format("call_{:016x}_{}_{}", hash, choice, call);
}

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

/// Ends that are no answer: a call that the model wrote wrongly, no image, "other". Worth a retry or another deployment.
failure failed_end(json::object candidate, std::string_view reason) {
  failure f;
  f.cls = failure_class::transient;
  f.type = clean_word(reason);
  f.message = clean_text(json::get_string(candidate, "finishMessage").value_or(""));
  if (f.message.empty()) f.message = fmt::format("the model ended with {}", f.type.empty() ? "an unknown reason" : f.type);
  return f;
}

}  // namespace

void response_reader::fail_with(failure f, std::vector<event>& out) {
  failed_ = true;
  out.emplace_back(answer_failed{std::move(f)});
}

bool response_reader::complete() const noexcept {
  const auto ended = [](const auto& entry) { return entry.second.ended; };
  return !failed_ && !choices_.empty() && std::ranges::all_of(choices_, ended);
}

void response_reader::read(json::object frame, std::vector<event>& out) {
  if (failed_) return;
  if (const auto error = json::get_object(frame, "error")) return fail_with(read_error_in_band(*error), out);
  read_start(frame, out);
  // Before all else: nothing is read after a failure, and the prompt of a blocked or failed answer is billed too.
  if (const auto metadata = json::get_object(frame, "usageMetadata")) {
    counts_.overwrite(*metadata);
    if (counts_.any()) out.emplace_back(usage_report{counts_.total()});
  }
  if (const auto candidates = json::get_array(frame, "candidates")) {
    for (const json::value one : *candidates) {
      if (failed_) break;
      if (!one.is_object()) return fail_with(unreadable("want objects in `candidates`").failure, out);
      read_candidate(one.get_object().value_unsafe(), out);
    }
  }
  if (!failed_) read_blocked(frame, out);
}

void response_reader::read_start(json::object frame, std::vector<event>& out) {
  if (started_) return;
  started_ = true;
  response_id_ = text_of(frame, "responseId");
  out.emplace_back(answer_start{response_id_, text_of(frame, "modelVersion"), 0});
}

void response_reader::read_candidate(json::object candidate, std::vector<event>& out) {
  const auto given = json::find(candidate, "index");
  const std::uint64_t wide = given ? json::get_uint(candidate, "index").value_or(most_choices) : 0;
  if (wide >= most_choices) return fail_with(unreadable("want a candidate index of 0 to 7").failure, out);
  const auto index = static_cast<std::uint32_t>(wide);
  choice& state = choices_[index];
  const auto content = json::get_object(candidate, "content");
  if (const auto parts = content ? json::get_array(*content, "parts") : std::nullopt) {
    for (const json::value one : *parts) {
      if (failed_) return;
      if (!one.is_object()) return fail_with(unreadable("want objects in `parts`").failure, out);
      read_part(one.get_object().value_unsafe(), index, state, out);
    }
  }
  if (failed_) return;
  if (!state.ended) read_sources(candidate, index, state.said, out);
  if (const auto logprobs = json::get_object(candidate, "logprobsResult")) {
    if (std::string text = openai_logprobs(*logprobs); !text.empty()) out.emplace_back(logprobs_piece{index, std::move(text)});
  }
  if (const auto reason = json::get_string(candidate, "finishReason"); reason && !state.ended) {
    read_end(candidate, *reason, index, state, out);
  }
}

/// A picture or sound that the model made.
void response_reader::read_blob(json::object blob, std::uint32_t index, std::vector<event>& out) {
  std::string type = clean_word(json::get_string(blob, "mimeType").value_or(""));
  std::string data = text_of(blob, "data");
  if (type.starts_with("image/")) {
    out.emplace_back(image_made{index, std::move(type), std::move(data), {}, {}});
  } else if (type.starts_with("audio/")) {
    out.emplace_back(audio_delta{index, {}, std::move(data), {}, std::move(type)});
  }
}

/// Parts of kinds that nobody here asks for (executed code) are skipped. Signatures of text are not kept: see content.cpp.
void response_reader::read_part(json::object part, std::uint32_t index, choice& state, std::vector<event>& out) {
  const auto call = json::get_object(part, "functionCall");
  const auto text = json::get_string(part, "text").value_or("");
  const auto blob = json::get_object(part, "inlineData");
  if (!call && text.empty() && !blob) return;
  if (state.ended) return fail_with(unreadable("content after the finish reason").failure, out);
  if (call) return read_call(part, *call, index, state, out);
  if (blob) return read_blob(*blob, index, out);
  bool thought = false;
  if (const auto v = json::find(part, "thought")) thought = v->is_bool() && v->get_bool().value_unsafe();
  if (thought) {
    out.emplace_back(reasoning_delta{index, std::string{text}, {}});
  } else {
    state.said.add(text);
    out.emplace_back(text_delta{index, std::string{text}});
  }
}

void response_reader::read_call(json::object part, json::object call, std::uint32_t index, choice& state, std::vector<event>& out) {
  const auto args = json::find(call, "args");
  if (args && !args->is_object() && !json::is_null(*args)) return fail_with(unreadable("want an object in `args`").failure, out);
  std::string text = args && args->is_object() ? json::to_text(*args) : "{}";
  std::string name = text_of(call, "name");
  std::string id = text_of(call, "id");
  if (id.empty()) id = made_id(response_id_, index, state.calls, name, text);
  // Calls may come in several frames: the index counts over all of them.
  const std::uint32_t number = state.calls++;
  out.emplace_back(tool_call_start{index, number, std::move(id), std::move(name), text_of(part, "thoughtSignature")});
  out.emplace_back(tool_arguments_delta{index, number, std::move(text)});
}

void response_reader::read_end(json::object candidate, std::string_view reason, std::uint32_t index, choice& state,
                               std::vector<event>& out) {
  // Not an end: the rest would come by another request, which a stream cannot make. It stays incomplete.
  if (reason == "CONTINUATION" || reason == "FINISH_REASON_UNSPECIFIED") return;
  finish_reason end = finish_reason::stop;
  if (reason == "STOP") {
    if (state.calls > 0) end = finish_reason::tool_calls;  // the vendor has no reason of its own for it
  } else if (reason == "MAX_TOKENS") {
    end = finish_reason::length;
  } else if (is_filtered(reason)) {
    end = finish_reason::content_filter;
  } else {
    return fail_with(failed_end(candidate, reason), out);
  }
  state.ended = true;
  out.emplace_back(finished{index, end, end == finish_reason::content_filter ? clean_word(reason) : std::string{}});
}

/// A blocked prompt is a 200 without candidates that says why.
void response_reader::read_blocked(json::object frame, std::vector<event>& out) {
  const auto feedback = json::get_object(frame, "promptFeedback");
  const auto reason = feedback ? json::get_string(*feedback, "blockReason") : std::nullopt;
  if (!reason || reason->empty() || *reason == "BLOCK_REASON_UNSPECIFIED" || !choices_.empty()) return;
  failure f;
  f.cls = failure_class::content_policy;
  f.type = "prompt_blocked";
  f.code = clean_word(*reason);
  f.message = clean_text(json::get_string(*feedback, "blockReasonMessage").value_or(""));
  if (f.message.empty()) f.message = fmt::format("the vendor blocked the prompt: {}", f.code);
  fail_with(std::move(f), out);
}

}  // namespace naru::dialects::gemini
