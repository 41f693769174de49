#include "providers/dialects/openai_chat/answer_parts.hpp"

#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_chat {
namespace {

void say(std::string_view text, std::uint32_t choice, std::vector<event>& out) {
  if (!text.empty()) out.emplace_back(text_delta{choice, std::string{text}});
}

void think(std::string_view text, std::uint32_t choice, std::vector<event>& out) {
  if (!text.empty()) out.emplace_back(reasoning_delta{choice, std::string{text}, {}});
}

/// Mistral: content as an array of {type:"text",text} and {type:"thinking",thinking:[{type:"text",text}]}.
void read_chunks(json::array chunks, std::uint32_t choice, std::vector<event>& out) {
  for (const json::value item : chunks) {
    json::object chunk;
    if (item.get(chunk) != simdjson::SUCCESS) continue;
    if (const auto text = json::get_string(chunk, "text")) say(*text, choice, out);
    if (const auto text = json::get_string(chunk, "thinking")) think(*text, choice, out);
    const auto thoughts = json::get_array(chunk, "thinking");
    if (!thoughts) continue;
    for (const json::value thought : *thoughts) {
      json::object piece;
      if (thought.get(piece) != simdjson::SUCCESS) continue;
      think(json::get_string(piece, "text").value_or(""), choice, out);
    }
  }
}

}  // namespace

void read_said(json::object message, std::uint32_t choice, std::vector<event>& out) {
  const auto reasoning = json::get_string(message, "reasoning_content").value_or("");
  think(reasoning.empty() ? json::get_string(message, "reasoning").value_or("") : reasoning, choice, out);
  if (const auto text = json::get_string(message, "content")) {
    say(*text, choice, out);
  } else if (const auto chunks = json::get_array(message, "content")) {
    read_chunks(*chunks, choice, out);
  }
  if (const auto refusal = json::get_string(message, "refusal"); refusal && !refusal->empty()) {
    out.emplace_back(refusal_delta{choice, std::string{*refusal}});
  }
  // Spoken answers: the words stand for the sound, which only the relay of this form carries.
  if (const auto audio = json::get_object(message, "audio")) say(json::get_string(*audio, "transcript").value_or(""), choice, out);
}

std::string read_arguments(json::object function) {
  const auto v = json::find(function, "arguments");
  if (!v || json::is_null(*v)) return {};
  if (v->is_object()) return json::to_text(*v);
  return std::string{json::get_string(function, "arguments").value_or("")};
}

std::string read_call_signature(json::object call) {
  const auto extra = json::get_object(call, "extra_content");
  const auto google = extra ? json::get_object(*extra, "google") : std::nullopt;
  return std::string{google ? json::get_string(*google, "thought_signature").value_or("") : ""};
}

void read_logprobs(json::object choice, std::uint32_t index, std::vector<event>& out) {
  const auto v = json::find(choice, "logprobs");
  if (v && v->is_object()) out.emplace_back(logprobs_piece{index, json::to_text(*v)});
}

std::optional<failure> find_failure(json::object root) {
  const auto present = [](std::optional<json::value> v) { return v && !json::is_null(*v); };
  if (present(json::find(root, "error")) || json::get_string(root, "object") == "error") return read_inband_failure(root);
  if (const auto groq = json::get_object(root, "x_groq"); groq && present(json::find(*groq, "error"))) return read_inband_failure(*groq);
  return std::nullopt;
}

failure unreadable(std::string_view why) {
  return {.cls = failure_class::transient,
          .status = 0,
          .type = {},
          .code = "unreadable",
          .param = {},
          .message = std::string{why},
          .retry_after = {}};
}

failure gave_up(std::string_view finish_word) {
  failure f = unreadable("the upstream ended the answer with an error");
  f.code = clean_word(finish_word);
  return f;
}

}  // namespace naru::dialects::openai_chat
