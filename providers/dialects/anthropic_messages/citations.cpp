#include <algorithm>
#include <limits>
#include <string>

#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {

std::optional<citation> read_citation(json::object c, std::uint64_t begin, std::uint64_t end) {
  const auto text = [&](std::string_view key) { return std::string{json::get_string(c, key).value_or("")}; };
  const std::string_view type = json::get_string(c, "type").value_or("");
  citation out;
  out.quoted = text("cited_text");
  if (type == "web_search_result_location" || type == "search_result_location") {
    out.url = text(type == "search_result_location" ? "source" : "url");
    out.title = text("title");
    out.begin = begin;
    out.end = end;
    return out;
  }
  if (type != "char_location" && type != "page_location" && type != "content_block_location") return std::nullopt;
  out.title = text("document_title");
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  out.document = static_cast<std::uint32_t>(std::min(json::get_uint(c, "document_index").value_or(0), most));
  out.begin = json::get_uint(c, "start_char_index").value_or(0);
  out.end = json::get_uint(c, "end_char_index").value_or(0);
  return out;
}

void write_citation(json::writer& w, const citation& c) {
  const auto title = [&](std::string_view key) {
    w.key(key);
    if (c.title.empty())
      w.null();
    else
      w.string(c.title);
  };
  w.begin_object();
  if (!c.url.empty()) {
    // What other vendors found on the web has no index of Anthropic's search.
    w.field("type", "web_search_result_location").field("cited_text", c.quoted).field("url", c.url).field("encrypted_index", "");
    title("title");
  } else {
    w.field("type", "char_location").field("cited_text", c.quoted).field("document_index", c.document);
    title("document_title");
    w.field("start_char_index", c.begin).field("end_char_index", c.end);
  }
  w.end_object();
}

}  // namespace naru::dialects::anthropic_messages
