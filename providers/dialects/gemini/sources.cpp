#include <string>

#include "providers/dialects/gemini/answer.hpp"

// groundingMetadata: {"groundingChunks":[{"web":{"uri","title"}} | {"retrievedContext":{"uri","title","text"}}],
//   "groundingSupports":[{"segment":{"startIndex","endIndex"},"groundingChunkIndices":[0]}]}, indices in bytes of the answer's text;
// citationMetadata: {"citationSources":[{"startIndex","endIndex","uri"}]} (Developer API), {"citations":[...,"title"]} (Vertex AI).
namespace naru::dialects::gemini {
namespace {

// An answer is untrusted: each source of each support is an event.
constexpr std::size_t most_sources = 256;

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

citation source_of(json::object chunk, std::uint32_t choice, std::uint32_t number) {
  citation c;
  c.choice = choice;
  const auto web = json::get_object(chunk, "web");
  const auto of = web ? web : json::get_object(chunk, "retrievedContext");
  if (!of) return c;
  c.url = text_of(*of, "uri");
  c.title = text_of(*of, "title");
  c.quoted = text_of(*of, "text");
  c.document = c.url.empty() ? number : 0;
  return c;
}

std::vector<citation> chunks_of(json::object grounding, std::uint32_t choice) {
  std::vector<citation> all;
  const auto chunks = json::get_array(grounding, "groundingChunks");
  if (!chunks) return all;
  for (const json::value one : *chunks) {
    json::object chunk;
    if (all.size() == most_sources) break;
    const auto number = static_cast<std::uint32_t>(all.size());
    all.push_back(one.get(chunk) == simdjson::SUCCESS ? source_of(chunk, choice, number) : citation{});  // the others keep their numbers
  }
  return all;
}

bool names_something(const citation& c) noexcept { return !c.url.empty() || !c.title.empty() || !c.quoted.empty(); }

void read_segment(json::object of, const text_measure& said, citation& c) {
  c.begin = said.characters(json::get_uint(of, "startIndex").value_or(0));
  c.end = said.characters(json::get_uint(of, "endIndex").value_or(0));
}

void read_grounding(json::object grounding, std::uint32_t choice, const text_measure& said, std::vector<event>& out) {
  const auto chunks = chunks_of(grounding, choice);
  std::vector<bool> used(chunks.size());
  std::size_t told = 0;
  if (const auto supports = json::get_array(grounding, "groundingSupports")) {
    for (const json::value one : *supports) {
      if (!one.is_object()) continue;
      const json::object support = one.get_object().value_unsafe();
      const auto indices = json::get_array(support, "groundingChunkIndices");
      if (!indices) continue;
      for (const json::value index : *indices) {
        std::uint64_t at = 0;
        if (index.get(at) != simdjson::SUCCESS || at >= chunks.size() || ++told > most_sources) continue;
        citation c = chunks[at];
        used[at] = true;
        if (const auto segment = json::get_object(support, "segment"); segment && !c.url.empty()) read_segment(*segment, said, c);
        if (names_something(c)) out.emplace_back(std::move(c));
      }
    }
  }
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (!used[i] && names_something(chunks[i])) out.emplace_back(chunks[i]);
  }
}

void read_cited(json::object metadata, std::uint32_t choice, const text_measure& said, std::vector<event>& out) {
  for (const std::string_view key : {"citationSources", "citations"}) {
    const auto list = json::get_array(metadata, key);
    if (!list) continue;
    std::size_t told = 0;
    for (const json::value one : *list) {
      if (!one.is_object() || ++told > most_sources) continue;
      const json::object source = one.get_object().value_unsafe();
      citation c;
      c.choice = choice;
      c.url = text_of(source, "uri");
      c.title = text_of(source, "title");
      read_segment(source, said, c);
      if (!c.url.empty()) out.emplace_back(std::move(c));
    }
  }
}

}  // namespace

void read_sources(json::object candidate, std::uint32_t choice, const text_measure& said, std::vector<event>& out) {
  if (const auto grounding = json::get_object(candidate, "groundingMetadata")) read_grounding(*grounding, choice, said, out);
  if (const auto cited = json::get_object(candidate, "citationMetadata")) read_cited(*cited, choice, said, out);
}

}  // namespace naru::dialects::gemini
