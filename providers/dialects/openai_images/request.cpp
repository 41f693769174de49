#include <algorithm>
#include <array>

#include "core/json/writer.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_images/ends.hpp"
#include "providers/dialects/places.hpp"
#include "providers/dialects/strict.hpp"

namespace naru::dialects::openai_images {
namespace {

void read_prompt(strict& s, const place& at, json::value v, chat_request& r) {
  message m;
  m.role = role::user;
  m.parts.emplace_back(text_part{s.word(at, v, "the words of the picture, a string")});
  r.messages.push_back(std::move(m));
}

void read_answer_as(strict& s, const place& at, json::value v, chat_request& r) {
  r.image.answer_as = s.word(at, v, "\"url\" or \"b64_json\"");
  if (!s.ok() || r.image.answer_as == "url" || r.image.answer_as == "b64_json") return;
  s.refuse_rule(at, "want \"url\" or \"b64_json\", got another word");
}

struct field {
  std::string_view name;
  void (*read)(strict&, const place&, json::value, chat_request&);
};
// Words are open lists: a vendor's next one must not need a release here.
constexpr std::array fields{
    field{"model",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.model = s.word(at, v, "the name of a model, a string"); }},
    field{"prompt", read_prompt},
    field{"n", [](strict& s, const place& at, json::value v, chat_request& r) { r.n = s.whole(at, v, 1, 128); }},
    field{"size", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.size = s.word(at, v); }},
    field{"quality", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.quality = s.word(at, v); }},
    field{"background", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.background = s.word(at, v); }},
    field{"output_format", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.output_format = s.word(at, v); }},
    field{"output_compression",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.image.output_compression = s.whole(at, v, 0, 100); }},
    field{"response_format", read_answer_as},
    field{"style", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.style = s.word(at, v); }},
    // Not OpenAI's, but of those who follow its form, and of Stability.
    field{"negative_prompt", [](strict& s, const place& at, json::value v, chat_request& r) { r.image.negative_prompt = s.string(at, v); }},
    field{"seed", [](strict& s, const place& at, json::value v, chat_request& r) { r.seed = s.integer(at, v); }},
    field{"user", [](strict& s, const place& at, json::value v, chat_request& r) { r.user = s.string(at, v); }},
    field{"stream", [](strict& s, const place& at, json::value v, chat_request& r) { r.stream = s.boolean(at, v).value_or(false); }},
};

/// Extras that servers of this form know, carried when the body is written anew.
constexpr std::array<std::string_view, 3> servers{"moderation", "guidance_scale", "num_inference_steps"};

/// "no one asked": what the vendor does anyway.
bool asks_for_nothing(std::string_view word) noexcept { return word.empty() || word == "auto"; }

}  // namespace

result<chat_request> read_request(const json::document& doc) {
  chat_request r;
  r.kind = request_kind::image;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\" and \"prompt\", got " + std::string{json::type_name(doc.root())});
  }
  strict s;
  for (const auto& member : root) {
    if (json::is_null(member.value)) continue;  // the same as absent, as everywhere at this vendor
    const auto* known = std::ranges::find(fields, member.key, &field::name);
    if (known == fields.end()) {
      r.extra.push_back({member.key, member.value});
    } else {
      known->read(s, place{member.key}, member.value, r);
    }
    if (!s.ok()) return fail(s.take());
  }
  if (!member(root, "model")) s.missing(place{"model"}, "the name of a model, a string");
  if (!member(root, "prompt")) s.missing(place{"prompt"}, "the words of the picture, a string");
  if (!s.ok()) return fail(s.take());
  if (r.stream) return fail(cannot("stream", "pictures are not streamed here: want false, or leave it out"));
  return r;
}

std::optional<error> cannot_carry(const chat_request& r, const target&) {
  if (r.image.edit) return cannot("image", "this form makes pictures from words alone");
  if (r.stream) return cannot("stream", "pictures are not streamed here");
  return std::nullopt;
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  if (!r.image.negative_prompt.empty()) return fail(cannot("negative_prompt", "no field of OpenAI's images form"));
  if (r.seed) return fail(cannot("seed", "no field of OpenAI's images form"));
  wire_request out{.path = std::string{path}, .headers = {}, .body = {}, .spliced = {}};
  json::writer w{out.body};
  const auto word = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) w.field(key, value);
  };
  w.begin_object().field("model", t.model);
  w.field("prompt", r.messages.empty() ? std::string{} : joined_text(r.messages.front(), "\n"));
  if (r.n) w.field("n", *r.n);
  word("size", r.image.size);
  word("quality", r.image.quality);
  if (!asks_for_nothing(r.image.background)) w.field("background", r.image.background);
  word("output_format", r.image.output_format);
  if (r.image.output_compression) w.field("output_compression", *r.image.output_compression);
  word("response_format", r.image.answer_as);
  word("style", r.image.style);
  word("user", r.user);
  for (const extra_field& e : r.extra) {
    if (std::ranges::find(servers, e.name) == servers.end()) return fail(cannot(std::string{e.name}, "no field of this form"));
    w.key(e.name).raw(json::to_text(e.value));
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_images
