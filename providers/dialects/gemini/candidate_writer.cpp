#include <algorithm>
#include <array>

#include "core/json/document.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/words.hpp"
#include "providers/dialects/gemini/writers.hpp"

// The pieces of a candidate, the same in a whole answer and in a stream's frames.
namespace naru::dialects::gemini {
namespace {

void write_blob(json::writer& w, std::string_view type, std::string_view data) {
  w.begin_object().key("inlineData").begin_object().field("mimeType", type).field("data", data).end_object().end_object();
}

/// Reasons of Google's own (FinishReason, API reference 2026-11) may go back to its clients; another vendor's mean nothing to them.
bool is_filter_word(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 6> words{"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE"};
  return std::ranges::find(words, word) != words.end();
}

std::string_view reason_word(const choice_end& end) noexcept {
  const finished& f = *end.reason;
  switch (f.reason) {
    case finish_reason::length: return "MAX_TOKENS";
    case finish_reason::content_filter: return is_filter_word(f.vendor_reason) ? std::string_view{f.vendor_reason} : "SAFETY";
    case finish_reason::stop:
      if (end.refused) return "SAFETY";
      break;
    case finish_reason::tool_calls: break;
  }
  return end.cut_call.empty() ? "STOP" : "MALFORMED_FUNCTION_CALL";
}

void write_source(json::writer& w, const citation& c) {
  w.begin_object();
  if (!c.url.empty()) {
    w.key("web").begin_object().field("uri", c.url);
    if (!c.title.empty()) w.field("title", c.title);
  } else {
    w.key("retrievedContext").begin_object();
    w.field("title", c.title.empty() ? "document " + std::to_string(c.document) : c.title);
    if (!c.quoted.empty()) w.field("text", c.quoted);
  }
  w.end_object().end_object();
}

/// Places in the answer are of web sources alone; those of a document are places in the document, which this form has no word for.
void write_grounding(json::writer& w, const choice_end& end) {
  if (end.citations.empty()) return;
  w.key("groundingMetadata").begin_object().key("groundingChunks").begin_array();
  for (const auto& c : end.citations) write_source(w, c);
  w.end_array().key("groundingSupports").begin_array();
  for (std::size_t i = 0; i < end.citations.size(); ++i) {
    const citation& c = end.citations[i];
    if (c.url.empty() || c.end <= c.begin) continue;
    w.begin_object().key("segment").begin_object();
    w.field("startIndex", end.said.bytes(c.begin)).field("endIndex", end.said.bytes(c.end)).end_object();
    w.key("groundingChunkIndices").begin_array().number(i).end_array().end_object();
  }
  w.end_array().end_object();
}

void write_audio_share(json::writer& w, std::string_view key, std::uint64_t all, std::uint64_t audio) {
  if (audio == 0) return;
  w.key(key).begin_array();
  if (all > audio) w.begin_object().field("modality", "TEXT").field("tokenCount", all - audio).end_object();
  w.begin_object().field("modality", "AUDIO").field("tokenCount", audio).end_object().end_array();
}

}  // namespace

gathered_call& choice_end::call(std::uint32_t index) {
  if (calls.size() <= index) calls.resize(std::size_t{index} + 1);
  return calls[index];
}

void write_text(json::writer& w, std::string_view text) { w.begin_object().field("text", text).end_object(); }

void write_thought(json::writer& w, const reasoning_delta& e) {
  w.begin_object().field("text", e.text).field("thought", true);
  if (e.redacted) {
    w.field("thoughtSignature", std::string{redacted_mark} + e.signature);
  } else if (!e.signature.empty()) {
    w.field("thoughtSignature", e.signature);
  }
  w.end_object();
}

void write_image(json::writer& w, const image_made& e) {
  if (e.url.empty()) return write_blob(w, e.media_type.empty() ? std::string_view{"image/png"} : e.media_type, e.data);
  w.begin_object().key("fileData").begin_object();
  if (!e.media_type.empty()) w.field("mimeType", e.media_type);
  w.field("fileUri", e.url).end_object().end_object();
}

void write_audio(json::writer& w, const audio_delta& e) {
  if (!e.transcript.empty()) write_text(w, e.transcript);
  if (!e.data.empty()) write_blob(w, e.media_type.empty() ? std::string_view{"audio/wav"} : e.media_type, e.data);
}

void write_calls(json::writer& w, choice_end& end) {
  for (const auto& call : end.calls) {
    std::string_view args = trim_blank(call.arguments);
    if (args.empty()) args = "{}";
    const auto doc = json::document::parse(args, json::limits::of_answers());
    if (!doc || !doc->root().is_object()) {
      end.cut_call = call.name;
      continue;
    }
    w.begin_object().key("functionCall").begin_object();
    if (!call.id.empty()) w.field("id", call.id);
    w.field("name", call.name).key("args");
    // A frame is one line: arguments over several lines lose their line breaks.
    args.find_first_of("\r\n") == std::string_view::npos ? w.raw(args) : w.raw(json::to_text(doc->root()));
    w.end_object();
    if (!call.signature.empty()) w.field("thoughtSignature", call.signature);
    w.end_object();
  }
  end.calls.clear();
}

void write_end(json::writer& w, const choice_end& end) {
  if (end.reason) w.field("finishReason", reason_word(end));
  if (!end.cut_call.empty()) w.field("finishMessage", "the arguments of a call of " + end.cut_call + " are no JSON object");
  write_grounding(w, end);
  if (const std::string logprobs = google_logprobs(end.logprobs); !logprobs.empty()) w.key("logprobsResult").raw(logprobs);
}

void write_usage(json::writer& w, const usage& u) {
  const auto reasoning = std::min(u.reasoning.value, u.output.value);
  w.begin_object().field("promptTokenCount", u.input.value);
  if (u.cached.value != 0) w.field("cachedContentTokenCount", u.cached.value);
  w.field("candidatesTokenCount", u.output.value - reasoning);  // this vendor counts thoughts beside them
  if (reasoning != 0) w.field("thoughtsTokenCount", reasoning);
  w.field("totalTokenCount", u.input.value + u.output.value);
  write_audio_share(w, "promptTokensDetails", u.input.value, u.audio_input.value);
  write_audio_share(w, "candidatesTokensDetails", u.output.value - reasoning, u.audio_output.value);
  if (!u.tier.empty()) w.field("serviceTier", u.tier);
  w.end_object();
}

}  // namespace naru::dialects::gemini
