#include <algorithm>

#include "providers/dialects/openai_chat/writers.hpp"

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

void write_audio(json::writer& w, const audio_delta& a) {
  w.begin_object();
  if (!a.id.empty()) w.field("id", a.id);
  if (!a.data.empty()) w.field("data", a.data);
  if (!a.transcript.empty()) w.field("transcript", a.transcript);
  w.end_object();
}

}  // namespace naru::dialects::openai_chat
