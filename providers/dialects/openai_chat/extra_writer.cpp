#include <algorithm>

#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::openai_chat {

void write_annotations(json::writer& w, std::span<const citation> citations) {
  const auto has_page = [](const citation& c) { return !c.url.empty(); };
  if (std::ranges::none_of(citations, has_page)) return;
  w.key("annotations").begin_array();
  for (const citation& c : citations) {
    if (!has_page(c)) continue;
    w.begin_object().field("type", "url_citation").key("url_citation").begin_object();
    w.field("start_index", c.begin).field("end_index", c.end).field("url", c.url).field("title", c.title);
    w.end_object().end_object();
  }
  w.end_array();
}

void write_images(json::writer& w, std::span<const image_made> images) {
  if (images.empty()) return;
  w.key("images").begin_array();
  for (const image_made& i : images) {
    const std::string url = i.url.empty() ? "data:" + i.media_type + ";base64," + i.data : i.url;
    w.begin_object().field("type", "image_url").key("image_url").begin_object().field("url", url).end_object().end_object();
  }
  w.end_array();
}

namespace {

void begin_detail(json::writer& w, std::string_view type, std::string_view format, std::uint32_t index) {
  w.begin_object().field("type", type).field("format", format).field("index", index);
}

}  // namespace

std::uint32_t write_reasoning_details(json::writer& w, std::span<const signed_thought> thoughts, std::uint32_t first) {
  if (thoughts.empty()) return first;
  std::uint32_t index = first;
  w.key("reasoning_details").begin_array();
  for (const signed_thought& t : thoughts) {
    const std::string_view signature = t.signature;
    if (const auto openai = read_openai_reasoning(signature)) {
      if (!t.text.empty()) {
        begin_detail(w, "reasoning.summary", reasoning_formats::openai, index++);
        w.field("summary", t.text).end_object();
      }
      begin_detail(w, "reasoning.encrypted", reasoning_formats::openai, index++);
      w.field("id", openai->id).field("data", openai->encrypted).end_object();
    } else if (signature.starts_with(redacted_thinking_mark)) {
      begin_detail(w, "reasoning.encrypted", reasoning_formats::anthropic, index++);
      w.field("data", signature.substr(redacted_thinking_mark.size())).end_object();
    } else {
      begin_detail(w, "reasoning.text", reasoning_formats::anthropic, index++);
      w.field("text", t.text).field("signature", signature).end_object();
    }
  }
  w.end_array();
  return index;
}

void write_audio(json::writer& w, const audio_delta& a) {
  w.begin_object();
  if (!a.id.empty()) w.field("id", a.id);
  if (!a.data.empty()) w.field("data", a.data);
  if (!a.transcript.empty()) w.field("transcript", a.transcript);
  w.end_object();
}

}  // namespace naru::dialects::openai_chat
