#include <algorithm>

#include "config/schema.hpp"
#include "config/units.hpp"
#include "core/json/writer.hpp"

/// The table as JSON Schema. Values that are filled in (`${env:...}`) are texts to an editor, so every value may be one.
namespace naru::config {
namespace {

using json::writer;

constexpr std::string_view size_pattern = R"(^[0-9]+(\.[0-9]+)?(B|KB|MB|GB|KiB|MiB|GiB)$)";
constexpr std::string_view duration_pattern = R"(^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$)";
constexpr std::string_view share_pattern = R"(^[0-9]+(\.[0-9])?%$)";
constexpr std::string_view filled_pattern = R"(\$\{(env|file):)";

void write_text(writer& w, std::string_view pattern) { w.begin_object().field("type", "string").field("pattern", pattern).end_object(); }

void write_words(writer& w, const std::vector<std::string_view>& words) {
  w.begin_object().key("enum").begin_array();
  for (const std::string_view word : words) w.string(word);
  w.end_array().end_object();
}

void write_number(writer& w, std::string_view type, const row& r) {
  w.begin_object().field("type", type);
  if (!r.lowest.empty())
    w.key("minimum").raw(r.lowest).key("maximum").raw(r.highest);
  else
    w.field("minimum", 0);
  w.end_object();
}

/// What a value may be when it is not filled in.
void write_value(writer& w, const row& r) {
  switch (r.is) {
    case form::integer: return write_number(w, "integer", r);
    case form::thousandths:
    case form::usd:
    case form::rate:
    case form::rate_each: return write_number(w, "number", r);
    case form::flag: w.begin_object().field("type", "boolean").end_object(); return;
    case form::share: return write_text(w, share_pattern);
    case form::size: return write_text(w, size_pattern);
    case form::duration: return write_text(w, duration_pattern);
    case form::sha256: return write_text(w, "^[0-9a-fA-F]{64}$");
    case form::date: return write_text(w, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    case form::address: return write_text(w, ":[0-9]+$");
    case form::url: return write_text(w, "^https?://");
    case form::proxy: return write_text(w, "^http://");
    default: w.begin_object().field("type", "string").field("minLength", 1).end_object(); return;
  }
}

void write_node(writer& w, const key_node& k);

void describe(writer& w, const row& r) {
  w.field("description", std::string(r.says) + " (" + in_short(r) + ")");
  if (r.is == form::integer && parse_integer(r.fallback))
    w.key("default").raw(r.fallback);
  else if (r.is == form::flag && !r.fallback.empty())
    w.key("default").raw(r.fallback);
  else if (!r.fallback.empty())
    w.field("default", r.fallback);
}

void write_scalar(writer& w, const row& r) {
  w.begin_object();
  describe(w, r);
  w.key("anyOf").begin_array();
  if (!r.words.empty()) write_words(w, r.words);
  if (r.is != form::word) write_value(w, r);
  write_text(w, filled_pattern);
  w.end_array().end_object();
}

void write_properties(writer& w, const key_node& k) {
  w.field("type", "object").field("additionalProperties", false).key("properties").begin_object();
  for (const auto& [key, below] : k.keys) {
    w.key(key);
    write_node(w, below);
  }
  w.end_object();
  const bool any = std::ranges::any_of(k.keys, [](const auto& e) { return e.second.self->required; });
  if (!any) return;
  w.key("required").begin_array();
  for (const auto& [key, below] : k.keys) {
    if (below.self->required) w.string(key);
  }
  w.end_array();
}

void write_block(writer& w, const key_node& k) {
  const row& r = *k.self;
  w.begin_object();
  describe(w, r);
  w.key("anyOf").begin_array();
  w.begin_object();
  write_properties(w, k);
  w.end_object();
  if (!r.words.empty()) write_words(w, r.words);
  if (!r.shorthand.empty()) write_value(w, *k.keys.find(r.shorthand)->second.self);
  w.begin_object().field("type", "null").end_object();
  w.end_array().end_object();
}

void write_list(writer& w, const key_node& k) {
  w.begin_object();
  describe(w, *k.self);
  w.key("anyOf").begin_array();
  w.begin_object().field("type", "array").key("items");
  write_node(w, *k.item);
  w.end_object();
  if (k.self->one_or_list) write_node(w, *k.item);
  w.begin_object().field("type", "null").end_object();
  w.end_array().end_object();
}

void write_map(writer& w, const key_node& k) {
  w.begin_object();
  describe(w, *k.self);
  w.key("type").begin_array().string("object").string("null").end_array().key("additionalProperties");
  write_node(w, *k.any);
  w.end_object();
}

void write_node(writer& w, const key_node& k) {
  if (k.self->not_yet) {
    w.begin_object().field("description", "not yet").key("not").begin_object().end_object().end_object();
    return;
  }
  switch (k.self->is) {
    case form::block: return write_block(w, k);
    case form::list: return write_list(w, k);
    case form::map: return write_map(w, k);
    default: return write_scalar(w, *k.self);
  }
}

/// One line for each brace and comma outside texts: a diff shows what changed.
std::string indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool in_text = false;
  const auto line = [&] { out += '\n' + std::string(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      out += c;
      if (c == '\\') out += json[++i];
      in_text = c != '"';
      continue;
    }
    in_text = c == '"';
    const bool opens = c == '{' || c == '[';
    const bool empty = opens && i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']');
    if (empty) {
      out += {c, json[++i]};
    } else if (opens) {
      out += c;
      ++depth;
      line();
    } else if (c == '}' || c == ']') {
      --depth;
      line();
      out += c;
    } else {
      out += c;
      if (c == ',') line();
      if (c == ':') out += ' ';
    }
  }
  return out + '\n';
}

}  // namespace

std::string json_schema() {
  std::string out;
  writer w(out);
  w.begin_object().field("$schema", "http://json-schema.org/draft-07/schema#").field("title", "Naru settings");
  write_properties(w, settings_schema().root());
  w.end_object();
  return indented(out);
}

}  // namespace naru::config
