#include "providers/dialects/gemini/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/json/writer.hpp"
#include "providers/dialects/gemini/proto.hpp"

// Source: Schema in the Gemini API reference v1beta and in the types of Google's GenAI SDK 2.32.
namespace naru::dialects::gemini {
namespace {

std::string lowered(std::string_view word) {
  std::string low{word};
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return low;
}

void write_schema(json::writer& w, json::value v);

void write_list(json::writer& w, json::value v) {
  if (!v.is_array()) return write_schema(w, v);
  w.begin_array();
  for (const json::value one : v.get_array().value_unsafe()) write_schema(w, one);
  w.end_array();
}

/// The names in it are the client's, not the form's.
void write_named(json::writer& w, json::value v) {
  if (!v.is_object()) {
    w.raw(json::to_text(v));
    return;
  }
  w.begin_object();
  for (const auto& one : v.get_object().value_unsafe()) {
    w.key(one.key);
    write_schema(w, one.value);
  }
  w.end_object();
}

void write_type(json::writer& w, json::value type, bool nullable) {
  std::string_view word;
  if (type.get(word) != simdjson::SUCCESS) {
    w.key("type").raw(json::to_text(type));
    return;
  }
  if (word == "TYPE_UNSPECIFIED") return;
  w.key("type");
  if (nullable) {
    w.begin_array().string(lowered(word)).string("null").end_array();
  } else {
    w.string(lowered(word));
  }
}

/// minLength and its like: "12" becomes 12.
void write_count(json::writer& w, json::value v) {
  std::string_view text;
  std::int64_t n = 0;
  if (v.get(text) == simdjson::SUCCESS) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error == std::errc{} && end == text.data() + text.size()) {
      w.number(n);
      return;
    }
  }
  w.raw(json::to_text(v));
}

struct keyword {
  std::string_view name;
  void (*write)(json::writer&, json::value);
};
constexpr std::array keywords{
    keyword{"items", write_list},       keyword{"anyOf", write_list},          keyword{"oneOf", write_list},
    keyword{"allOf", write_list},       keyword{"prefixItems", write_list},    keyword{"additionalProperties", write_list},
    keyword{"properties", write_named}, keyword{"$defs", write_named},         keyword{"definitions", write_named},
    keyword{"minItems", write_count},   keyword{"maxItems", write_count},      keyword{"minLength", write_count},
    keyword{"maxLength", write_count},  keyword{"minProperties", write_count}, keyword{"maxProperties", write_count}};

void write_member(json::writer& w, std::string_view key, json::value v) {
  const auto* known = std::ranges::find_if(keywords, [&](const keyword& k) { return spells(key, k.name); });
  if (known != keywords.end()) {
    w.key(known->name);
    known->write(w, v);
  } else if (key == "example") {
    w.key("examples").begin_array().raw(json::to_text(v)).end_array();
  } else if (!spells(key, "propertyOrdering")) {  // how Google writes the answer down, nothing about what is valid
    w.key(key).raw(json::to_text(v));
  }
}

void write_schema(json::writer& w, json::value v) {
  if (!v.is_object()) {
    w.raw(json::to_text(v));
    return;
  }
  const json::object o = v.get_object().value_unsafe();
  const auto given = json::find(o, "nullable");
  const bool nullable = given && given->is_bool() && given->get_bool().value_unsafe();
  w.begin_object();
  for (const auto& one : o) {
    if (one.key == "nullable" && one.value.is_bool()) continue;
    if (one.key == "type") {
      write_type(w, one.value, nullable);
    } else {
      write_member(w, one.key, one.value);
    }
  }
  w.end_object();
}

}  // namespace

std::string plain_schema(json::value schema) {
  std::string out;
  json::writer w(out);
  write_schema(w, schema);
  return out;
}

}  // namespace naru::dialects::gemini
