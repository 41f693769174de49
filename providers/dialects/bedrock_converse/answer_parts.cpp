#include <algorithm>
#include <string>

#include "providers/dialects/bedrock_converse/answer.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

finish_reason to_finish_reason(std::string_view stop_reason) noexcept {
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") return finish_reason::length;
  if (stop_reason == "tool_use") return finish_reason::tool_calls;
  if (stop_reason == "content_filtered" || stop_reason == "guardrail_intervened") return finish_reason::content_filter;
  return finish_reason::stop;  // end_turn, stop_sequence, and what is yet unknown: the vendor has ended the message in order
}

/// The vendor's word where it says more than the reason that it becomes.
std::string own_word(std::string_view stop_reason) {
  constexpr std::array<std::string_view, 3> plain{"end_turn", "max_tokens", "tool_use"};
  return std::ranges::find(plain, stop_reason) == plain.end() ? clean_word(stop_reason) : std::string{};
}

/// The words of `sourceContent`, one after the other.
std::string quoted_words(json::object c) {
  std::string out;
  const auto all = json::get_array(c, "sourceContent");
  if (!all) return out;
  for (const json::value one : *all) {
    if (one.is_object()) out += json::get_string(one.get_object().value_unsafe(), "text").value_or("");
  }
  return out;
}

}  // namespace

void text_length::add(std::string_view utf8) noexcept {
  for (const char c : utf8) characters_ += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
}

void append_end(std::string_view stop_reason, json::object around, std::vector<event>& out) {
  if (stop_reason.starts_with("malformed_")) {  // malformed_model_output, malformed_tool_use: asked again, the model may do better
    failure f;
    f.type = clean_word(stop_reason);
    f.message = "the model's answer was malformed: " + f.type;
    out.emplace_back(answer_failed{std::move(f)});
    return;
  }
  finished end{0, to_finish_reason(stop_reason), own_word(stop_reason), {}};
  if (const auto more = json::get_object(around, "additionalModelResponseFields")) end.stop_sequence = text_of(*more, "stop_sequence");
  out.emplace_back(std::move(end));
}

void append_citation(json::object c, std::uint64_t begin, std::uint64_t end, std::vector<event>& out) {
  citation cited;
  cited.title = text_of(c, "title");
  cited.quoted = quoted_words(c);
  const auto location = json::get_object(c, "location");
  const auto web = location ? json::get_object(*location, "web") : std::nullopt;
  const auto source = json::get_string(c, "source").value_or("");
  if (web) cited.url = text_of(*web, "url");
  if (cited.url.empty() && (source.starts_with("https://") || source.starts_with("http://"))) cited.url = source;
  if (!cited.url.empty()) {
    cited.begin = begin;
    cited.end = end;
  } else if (location) {
    for (const std::string_view kind : {"documentChar", "documentPage", "documentChunk"}) {
      const auto where = json::get_object(*location, kind);
      if (!where) continue;
      cited.document = static_cast<std::uint32_t>(std::min<std::uint64_t>(json::get_uint(*where, "documentIndex").value_or(0), 0xFFFFFFFF));
      if (kind != "documentChar") continue;  // pages and chunks are no characters
      cited.begin = json::get_uint(*where, "start").value_or(0);
      cited.end = json::get_uint(*where, "end").value_or(0);
    }
  }
  if (cited.url.empty() && cited.title.empty() && cited.quoted.empty()) return;
  out.emplace_back(std::move(cited));
}

void append_image(std::string_view format, json::object source, std::vector<event>& out) {
  const auto data = json::get_string(source, "bytes").value_or("");
  if (data.empty()) return;  // it lies in a bucket of the account's, which no client of ours reads
  image_made image;
  image.media_type = "image/" + clean_word(format);
  image.data = data;
  out.emplace_back(std::move(image));
}

}  // namespace naru::dialects::bedrock_converse
