#include "load_tests/mock_upstream/content.hpp"

#include <algorithm>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"

namespace naru::mock {
namespace {

constexpr std::uint64_t bytes_per_token = 4;
constexpr std::uint64_t tokens_per_image = 85;
constexpr std::size_t long_words = 1000;

std::uint64_t tokens_of(std::uint64_t bytes) { return (bytes + bytes_per_token - 1) / bytes_per_token; }

/// Words with the space before them, so that the pieces add up to the text.
std::vector<std::string> by_word(const std::string& text) {
  std::vector<std::string> out;
  std::size_t from = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ' ') continue;
    out.push_back(text.substr(from, i - from));
    from = i;
  }
  return out;
}

std::vector<std::string> by_size(const std::string& text, std::size_t size) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size(); i += size) out.push_back(text.substr(i, size));
  return out;
}

std::string chunk_text(std::size_t bytes) {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";
  std::string out(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) out[i] = letters[i % (sizeof letters - 1)];
  return out;
}

std::string long_text() {
  std::string out;
  for (std::size_t i = 0; i < long_words; ++i) out += (i == 0 ? "word" : " word") + std::to_string(i);
  return out;
}

void write_instance(json::writer& w, json::object schema, int depth);

void write_by_type(json::writer& w, json::object schema, std::string_view type, int depth) {
  if (type == "object") {
    w.begin_object();
    if (const auto properties = json::get_object(schema, "properties"); properties && depth > 0) {
      for (const auto field : *properties) {
        w.key(field.key);
        field.value.is_object() ? write_instance(w, field.value.get_object().value_unsafe(), depth - 1) : void(w.null());
      }
    }
    w.end_object();
  } else if (type == "array") {
    w.begin_array();
    if (const auto items = json::get_object(schema, "items"); items && depth > 0) write_instance(w, *items, depth - 1);
    w.end_array();
  } else if (type == "integer") {
    w.number(7);
  } else if (type == "number") {
    w.number(1.5);
  } else if (type == "boolean") {
    w.boolean(true);
  } else if (type == "null") {
    w.null();
  } else {
    w.string("text");
  }
}

void write_instance(json::writer& w, json::object schema, int depth) {
  if (const auto choice = json::find(schema, "const")) {
    w.raw(json::to_text(*choice));
    return;
  }
  if (const auto choices = json::get_array(schema, "enum"); choices && choices->size() > 0) {
    w.raw(json::to_text(*choices->begin()));
    return;
  }
  std::string type(json::get_string(schema, "type").value_or("string"));
  if (const auto several = json::get_array(schema, "type"); several && several->size() > 0) {
    type = std::string_view((*several->begin()).get_string().value_unsafe());
  }
  // Google's own schema form spells types in upper case.
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  write_by_type(w, schema, type, depth);
}

/// Cuts `text` where the first stop sequence begins, then at the token limit.
void cut(std::string& text, content& c, const facts& f) {
  std::size_t first = std::string::npos;
  for (const auto& stop : f.stops) {
    const auto at = text.find(stop);
    if (at == std::string::npos || at >= first) continue;
    first = at;
    c.stop_hit = stop;
    c.ending = ending::stop_sequence;
  }
  if (first != std::string::npos) text.resize(first);
  if (!f.max_tokens || text.size() <= *f.max_tokens * bytes_per_token) return;
  std::size_t end = *f.max_tokens * bytes_per_token;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a code point
  text.resize(end);
  c.ending = ending::length;
  c.stop_hit.clear();
}

std::string words_for(const behaviour& b, const facts& f) {
  switch (b.what) {
    case says::echo: return f.last_user_text;
    case says::chunks: return chunk_text(b.chunks * b.chunk_size);
    case says::json: return f.schema ? instance_of(*f.schema) : R"({"answer":42})";
    case says::think: return "The answer is 42.";
    case says::long_text: return long_text();
    case says::vision: {
      std::string out = "I see " + std::to_string(f.images.size()) + " image(s)";
      for (const auto& image : f.images) out += "; " + image;
      return out + ".";
    }
    case says::tools: return f.ends_with_tool_result ? "The tool said: " + f.last_tool_text : "No tool was offered.";
    case says::refuse:
    case says::blocked: return {};
    case says::words: break;
  }
  return "Hello from the mock.";
}

bool calls_tools(const behaviour& b, const facts& f) {
  return b.what == says::tools && !f.tools.empty() && !f.tools_off && !f.ends_with_tool_result;
}

void make_calls(content& c, const behaviour& b, const facts& f, std::uint64_t sequence) {
  static constexpr const char* cities[] = {"Seoul", "Busan"};
  const std::size_t count = f.one_call ? 1 : b.calls;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& name = !f.forced_tool.empty() ? f.forced_tool : f.tools[std::min(i, f.tools.size() - 1)];
    c.calls.push_back({"call_" + std::to_string(sequence) + "_" + std::to_string(i), name,
                       std::string(R"({"city":")") + cities[i % 2] + R"(","unit":"celsius"})"});
  }
  c.ending = ending::tool_calls;
}

token_counts count(const content& c, const behaviour& b, const facts& f) {
  std::uint64_t visible = c.text().size() + c.refusal.size();
  for (const auto& call : c.calls) visible += call.arguments.size();
  token_counts t;
  t.prompt = tokens_of(f.text_bytes) + tokens_per_image * f.images.size();
  t.output = tokens_of(visible) * f.choices;
  t.reasoning = tokens_of(c.thinking.size());
  t.cached = std::min(b.cached, t.prompt);
  t.cache_write = std::min(b.cache_write, t.prompt - t.cached);
  return t;
}

}  // namespace

std::string content::text() const {
  std::string out;
  for (const auto& piece : pieces) out += piece;
  return out;
}

std::string instance_of(const std::string& schema) {
  std::string out;
  json::writer w(out);
  const auto parsed = json::document::parse(schema);
  if (!parsed || !parsed->root().is_object()) return "null";
  write_instance(w, parsed->root().get_object().value_unsafe(), 16);
  return out;
}

content make_content(const behaviour& b, const facts& f, std::uint64_t sequence) {
  content c;
  if (b.what == says::think) c.thinking = "Let me think about that for a moment.";
  if (b.what == says::refuse) c.refusal = "I cannot help with that.", c.ending = ending::refusal;
  if (b.what == says::blocked) c.ending = ending::blocked;
  if (calls_tools(b, f)) {
    make_calls(c, b, f, sequence);
  } else {
    std::string text = words_for(b, f);
    cut(text, c, f);
    c.pieces = b.what == says::chunks && b.chunk_size > 0 ? by_size(text, b.chunk_size) : by_word(text);
    if (b.what == says::long_text) c.ending = ending::length;
  }
  c.tokens = count(c, b, f);
  return c;
}

}  // namespace naru::mock
