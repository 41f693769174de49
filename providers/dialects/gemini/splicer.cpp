#include <algorithm>
#include <array>

#include "core/json/writer.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/gemini/proto.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

/// A key spelled with an escape is not found by its bytes, and a second `model` could stand behind it.
bool has_escaped_key(const json::field_list& fields) noexcept {
  return std::ranges::any_of(fields, [](const json::field& f) { return f.key.find('\\') != std::string_view::npos; });
}

std::string_view raw_of(std::string_view text, const json::field& f) noexcept {
  return text.substr(f.at.value_begin, f.at.value_end - f.at.value_begin);
}

/// The elements of a checked JSON array, as text.
std::vector<std::string_view> elements_of(std::string_view array) {
  std::vector<std::string_view> all;
  std::size_t depth = 0, begin = 0;
  bool quoted = false;
  const auto cut = [&](std::size_t end) {
    if (const auto one = array.substr(begin, end - begin); one.find_first_not_of(" \t\r\n") != std::string_view::npos) all.push_back(one);
    begin = end + 1;
  };
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '[' || c == '{') {
      if (++depth == 1) begin = i + 1;
    } else if (c == ']' || c == '}') {
      if (--depth == 0) cut(i);
    } else if (c == ',' && depth == 1) {
      cut(i);
    }
  }
  return all;
}

/// "models/x" in place of the client's model in each object of `array`. nullopt: one has an escaped key.
std::optional<std::string> renamed_elements(std::string_view array, std::string_view model) {
  std::string out = "[";
  for (const auto one : elements_of(array)) {
    const auto renamed = rename_model(one, model);
    if (!renamed) return std::nullopt;
    if (out.size() > 1) out += ',';
    out += *renamed;
  }
  return out + ']';
}

/// The body with one member changed by `change`; nullopt when that cannot be done by bytes.
template <class Change>
std::optional<std::string> change_member(std::string_view body, std::string_view camel, Change change) {
  const auto fields = json::list_fields(body);
  if (has_escaped_key(fields)) return std::nullopt;
  const auto found = std::ranges::find_if(fields, [&](const json::field& f) { return spells(f.key, camel); });
  if (found == fields.end()) return std::nullopt;
  const auto changed = change(raw_of(body, *found));
  if (!changed) return std::nullopt;
  return json::splice(body, {{found->key, *changed}});
}

}  // namespace

std::optional<std::string> rename_model(std::string_view object, std::string_view model) {
  const auto fields = json::list_fields(object);
  if (has_escaped_key(fields)) return std::nullopt;
  const bool named = std::ranges::any_of(fields, [](const json::field& f) { return f.key == "model"; });
  if (!named) return std::string{object};
  return json::splice(object, {{"model", json::quoted("models/" + std::string{model})}});
}

std::optional<std::string> rename_in_elements(std::string_view body, std::string_view camel, std::string_view model) {
  return change_member(body, camel, [&](std::string_view array) { return renamed_elements(array, model); });
}

std::optional<wire_request> splice_generate(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                            const target& t) {
  if (client_dialect != dialect_name) return std::nullopt;
  const auto fields = json::list_fields(body);
  if (has_escaped_key(fields)) return std::nullopt;
  wire_request out{path_of(r, t), {}, {}, {}};
  // The path names the model: one in the body would be another's, or one too many.
  constexpr std::array<std::string_view, 1> model{"model"};
  const bool named = std::ranges::any_of(fields, [](const json::field& f) { return f.key == "model"; });
  if (named) {
    out.spliced.views = json::splice_views(body, {fields.data(), fields.size()}, {}, model);
  } else {
    out.spliced.views = {body};
  }
  return out;
}

std::optional<wire_request> splice_count(std::string_view client_dialect, std::string_view body, const chat_request& r, const target& t) {
  if (client_dialect != count_dialect_name) return std::nullopt;
  const auto fields = json::list_fields(body);
  const bool wrapped = std::ranges::any_of(fields, [](const json::field& f) { return spells(f.key, "generateContentRequest"); });
  auto changed = wrapped
                     ? change_member(body, "generateContentRequest", [&](std::string_view inner) { return rename_model(inner, t.model); })
                     : rename_model(body, t.model);
  if (!changed) return std::nullopt;
  return wire_request{path_of(r, t), {}, std::move(*changed), {}};
}

}  // namespace naru::dialects::gemini
