#include "providers/dialects/openai_chat/request_reader.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/openai_completions/openai_completions.hpp"

namespace naru::dialects::openai_completions {
namespace {

using path = place;

constexpr std::string_view wanted_prompt =
    "one prompt, a string or an array of one string: send a request for each prompt, and text instead of tokens";

void read_prompt(strict& s, const path& at, json::value v, chat_request& r) {
  json::array list;
  if (v.get(list) == simdjson::SUCCESS) {
    if (list.size() != 1 || !list.at(0).value_unsafe().is_string()) return s.refuse_rule(at, "want " + std::string{wanted_prompt});
    v = list.at(0).value_unsafe();
  }
  const auto text = s.string(at, v, wanted_prompt);
  message m;
  m.parts.emplace_back(text_part{text});
  r.messages.push_back(std::move(m));
}

/// What only this form has, unless it asks for what happens anyway.
bool is_neutral(std::string_view key, json::value v) noexcept {
  bool flag = true;
  if (key == "echo") return v.get(flag) == simdjson::SUCCESS && !flag;
  std::string_view text = "x";
  if (key == "suffix") return v.get(text) == simdjson::SUCCESS && text.empty();
  std::uint64_t n = 0;
  return key == "best_of" && v.get(n) == simdjson::SUCCESS && n == 1;
}

/// What this form spells as the chat form does, and that form's reader knows.
bool is_shared(std::string_view key) noexcept {
  constexpr std::array names{std::string_view{"model"},
                             std::string_view{"max_tokens"},
                             std::string_view{"temperature"},
                             std::string_view{"top_p"},
                             std::string_view{"n"},
                             std::string_view{"stop"},
                             std::string_view{"stream"},
                             std::string_view{"stream_options"},
                             std::string_view{"seed"},
                             std::string_view{"user"},
                             std::string_view{"frequency_penalty"},
                             std::string_view{"presence_penalty"},
                             std::string_view{"top_k"},
                             std::string_view{"min_p"},
                             std::string_view{"repeat_penalty"},
                             std::string_view{"repetition_penalty"}};
  return std::ranges::find(names, key) != names.end();
}

}  // namespace

result<chat_request> read_request(const json::document& doc) {
  chat_request r;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\" and \"prompt\", got " + std::string{json::type_name(doc.root())});
  }
  strict s;
  for (const auto& each : root) {
    if (json::is_null(each.value) || is_neutral(each.key, each.value)) continue;
    const path at{each.key};
    if (each.key == "prompt") {
      read_prompt(s, at, each.value, r);
    } else if (is_shared(each.key)) {
      openai_chat::read_field(s, each.key, each.value, r);
    } else {
      r.extra.push_back({each.key, each.value});
    }
    if (!s.ok()) return fail(s.take());
  }
  if (!member(root, "model")) s.missing(path{"model"}, "the name of a model, a string");
  if (!member(root, "prompt")) s.missing(path{"prompt"}, wanted_prompt);
  if (!r.stream && member(root, "stream_options")) s.refuse_rule(path{"stream_options"}, "only allowed with \"stream\": true");
  if (!s.ok()) return fail(s.take());
  return r;
}

}  // namespace naru::dialects::openai_completions
